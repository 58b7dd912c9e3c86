/** Runs one camera for ever: a fault of its own is reported, waited out and begun anew, and never reaches a neighbour. */
import type { CameraStatus } from '../../contracts/status.ts';
import { AppError } from '../../platform/app-error.ts';
import { backOffMs } from '../../platform/back-off.ts';
import { type Clock, systemElapsed, timestamp } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { sleep } from '../../platform/sleep.ts';
import type { CameraView } from '../health/camera-health.ts';
import type { Source, SourceState } from '../source/index.ts';
import type { CameraLine, FrameResult } from './camera-line.ts';

const RESTART = { minMs: 1000, maxMs: 30_000 };
/** A line that worked this long begins its back-off anew. */
const STEADY_MS = 60_000;

/** One run of a camera: a fresh source and a line with the saved state. */
export type CameraRun = { readonly source: Source; readonly line: CameraLine };

export type SuperviseOptions = {
  readonly camera: string;
  readonly mode: 'live' | 'replay';
  readonly open: () => Promise<CameraRun>;
  readonly onFrame: (result: FrameResult) => void;
  readonly onStatus: (status: CameraStatus) => void;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
};

const offline: CameraView = { state: 'blind', reasons: ['offline'] };

function faultLine(error: unknown): string {
  const text = error instanceof AppError ? `${error.code} ${error.message}` : String(error);
  return text.split('\n')[0]?.slice(0, 500) ?? '';
}

/** Turns what a camera does into its status, and reports it when it changes. */
function createStatus(options: SuperviseOptions) {
  let view: CameraView = offline;
  let fault: string | null = null;
  let trouble: string | null = null;
  let shown = '';
  let since = timestamp(options.clock.now());

  function show(): void {
    const state = `${view.state} ${view.reasons.join()}`;
    const reason = trouble ?? fault;
    const now = `${state} ${reason ?? ''}`;
    if (now === shown) return;
    if (!shown.startsWith(state)) since = timestamp(options.clock.now());
    shown = now;
    options.onStatus({
      state: view.state,
      reasons: [...view.reasons],
      since,
      ...(reason === null ? {} : { fault: reason }),
    });
  }
  return {
    set(next: CameraView, error: unknown = null): void {
      view = next;
      fault = error === null ? null : faultLine(error);
      show();
    },
    /** What holds writing up, beside what the camera sees. */
    setTrouble(error: AppError | null): void {
      trouble = error === null ? null : faultLine(error);
      show();
    },
  };
}

/** A stream that fails is connected anew by its source; what fails here is the line itself, or its writer. */
export function superviseCamera(options: SuperviseOptions) {
  const { camera, log } = options;
  const abort = new AbortController();
  const status = createStatus(options);
  let run: CameraRun | null = null;
  let restarts = 0;

  function onState(line: CameraLine, state: SourceState): void {
    if (state.state === 'lost') status.set(line.offline(), state.fault);
    else if (state.state === 'ended') status.set(line.offline());
  }

  async function runOnce(): Promise<void> {
    run = await options.open();
    const { source, line } = run;
    const hooks = {
      async onFrame(frame: Parameters<CameraLine['process']>[0]) {
        const result = await line.process(frame);
        if (!result) return undefined;
        status.set(result.view);
        options.onFrame(result);
        return { changed: result.changed, active: result.findings.length > 0 };
      },
      onState: (state: SourceState) => onState(line, state),
    };
    try {
      await source.run(hooks, abort.signal);
      await line.saveNow();
    } finally {
      await source.close();
    }
  }

  async function keepRunning(): Promise<void> {
    let attempt = 0;
    while (!abort.signal.aborted) {
      const begunAt = systemElapsed();
      try {
        return await runOnce();
      } catch (error) {
        if (options.mode === 'replay') throw error;
        status.set(offline, error);
        if (systemElapsed() - begunAt > STEADY_MS) attempt = 0;
        const waitMs = backOffMs(attempt++, options.random, RESTART);
        log.error({ camera, waitMs: Math.round(waitMs), err: error }, 'a camera’s line failed; begun anew');
        restarts++;
        await sleep(waitMs, abort.signal);
      }
    }
  }

  return {
    /** Settles when a file has ended or `stop` was called; in replay it rejects with the fault. */
    run: keepRunning,
    setTrouble: status.setTrouble,
    stats: () => ({
      restarts,
      source: run?.source.stats() ?? null,
      line: run?.line.stats() ?? null,
    }),
    stop: (): void => abort.abort(),
  };
}
