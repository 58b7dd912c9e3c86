/** What came of it all: each pass and its events, each fault and how long the camera was away after it, the camera left in peace. */
import type { ViolationEvent } from '../../../contracts/event.ts';
import type { CameraHealth } from '../../../contracts/status.ts';
import { FPS } from './camera.ts';
import type { Pass } from './scene.ts';
import type { StreamStage } from './stage.ts';

/** What an event's beginning may lie before its pass's first picture or after its last, ms. */
const SLACK = { before: 3000, after: 3000 };
/** Longest time that the rules of a street let pass between two looks at it, s. */
const REVISIT_S = 10;

export type Recovery = { readonly kind: string; readonly camera: string; readonly ms: number };

/** Each pass that was sent whole against the events of its camera; what fits no pass was made up. */
export function countPasses(passes: readonly Pass[], events: readonly ViolationEvent[], camera: string) {
  const whole = passes.filter(({ to }) => to !== null);
  const begun = new Map<string, ViolationEvent>();
  for (const event of events) if (event.camera === camera && event.phase === 'start') begun.set(event.id, event);
  const ended = new Set(events.filter(({ phase }) => phase === 'end').map(({ id }) => id));
  const said = ({ kind, detail }: ViolationEvent) => [kind, ...('findings' in detail ? detail.findings : [])].join(' ');
  const at = (event: ViolationEvent) => Date.parse(event.startedAt);
  const of = ({ from, to }: Pass) =>
    [...begun.values()].filter((one) => at(one) >= from - SLACK.before && at(one) <= (to ?? Date.now()) + SLACK.after);
  const told = (pass: Pass, ids: readonly ViolationEvent[]) =>
    `${pass.number} at ${new Date(pass.from).toISOString()} (${pass.faults.join(', ') || 'no fault'}): ${ids.map(({ startedAt }) => startedAt).join(' ')}`;
  const counted = passes.map((pass) => ({ pass, ids: of(pass) }));
  const known = new Set(counted.flatMap(({ ids }) => ids));
  const closed = counted.filter(({ pass }) => whole.includes(pass));
  return {
    sent: whole.length,
    found: closed.filter(({ ids }) => ids.length > 0).length,
    lost: closed.filter(({ ids }) => ids.length === 0).map(({ pass }) => told(pass, [])),
    doubled: counted.filter(({ ids }) => ids.length > 1).map(({ pass, ids }) => told(pass, ids)),
    /** Events that have begun and not ended. */
    open: [...begun.keys()].filter((id) => !ended.has(id)).length,
    kinds: [...new Set([...begun.values()].map(said))],
    madeUp: [...begun.values()].filter((event) => !known.has(event)).map(({ startedAt }) => startedAt),
  };
}

/** What the hub holds in the end: messages without a gap, files that it was told of. */
export function countMessages({ hub, edge }: StreamStage) {
  const seqs = new Set(hub.hub.received.map(({ seq }) => seq));
  const files = new Set(hub.hub.received.flatMap(({ evidence }) => evidence.map(({ sha256 }) => sha256)));
  const stats = edge.stats();
  return {
    numbered: stats.lastSeq,
    missing: Array.from({ length: stats.lastSeq }, (_, i) => i + 1).filter((seq) => !seqs.has(seq)),
    repeated: hub.hub.received.length - seqs.size,
    refused: stats.refused,
    filesMissing: [...files].filter((sha256) => !hub.store.files.has(sha256)).length,
  };
}

/** Follows the camera that is left in peace, from its health every ten seconds. */
export function watchCalm({ calm, hub }: StreamStage) {
  let last: CameraHealth | null = null;
  let worst = 0;
  let beyondRevisit = 0;
  const look = (cameras: Readonly<Record<string, CameraHealth>>) => {
    const now = cameras[calm.id];
    if (!now) return;
    const lost = now.drops + (now.damaged ?? 0) - ((last?.drops ?? 0) + (last?.damaged ?? 0));
    if (last) worst = Math.max(worst, lost);
    if (last && lost > REVISIT_S * FPS) beyondRevisit++;
    last = now;
  };
  hub.onHealth.add(look);
  return () => ({
    sent: calm.sent(),
    looked: last?.frames ?? 0,
    dropped: last?.drops ?? 0,
    damaged: last?.damaged ?? 0,
    reconnects: last?.reconnects ?? 0,
    /** Most frames dropped between two looks at its health. */
    worst,
    beyondRevisit,
  });
}

export function spreadOf(values: readonly number[]) {
  const sorted = [...values].sort((a, b) => a - b);
  return { n: sorted.length, p50: sorted[sorted.length >> 1] ?? 0, max: sorted.at(-1) ?? 0 };
}
