/** One camera, one straight line: frame → view → gate → detector → tracker → rules → stills → outbox. */
import type { ClockState } from '../../contracts/event.ts';
import type { Calendar } from '../../contracts/schedule.ts';
import type { ViolationKind } from '../../contracts/violations/index.ts';
import type { Log } from '../../platform/log.ts';
import type { CameraConfig } from '../config.ts';
import type { Detection } from '../domain/detection.ts';
import type { Detector } from '../domain/detector.ts';
import type { Frame } from '../domain/frame.ts';
import type { Scene } from '../domain/scene.ts';
import type { StillKeeper } from '../evidence/index.ts';
import type { CameraView } from '../health/camera-health.ts';
import { createPacedGroundSampler } from '../regions/ground-sample.ts';
import { createRegionBudget, REGIONS_PER_SECOND, type RegionBudget } from '../regions/region-budget.ts';
import { createRegionInference } from '../regions/region-inference.ts';
import { ruleOf } from '../rules/index.ts';
import { initTracker, stepTracker, type TrackerState } from '../tracker/index.ts';
import type { FindingWriter, Found } from './finding-writer.ts';
import { inferenceRequestOf } from './inference-request.ts';
import { createLineStats } from './line-stats.ts';
import { readSavedLine, writeSavedLine } from './saved-line.ts';
import { createStillTaker, personsIn, slotName } from './take-stills.ts';
import { createView } from './view.ts';
import { createZoneRules, type ZoneFinding, type ZoneObservation, type ZoneSlotUpdate } from './zone-rules.ts';

export type LineOptions = {
  readonly node: string;
  readonly camera: CameraConfig;
  readonly calendar: Calendar;
  readonly detector: Detector;
  readonly keeper: StillKeeper;
  readonly writer: FindingWriter;
  /** What an earlier run saved, JSON, or null. */
  readonly saved: string | null;
  readonly mode: 'live' | 'replay';
  /** What is known of the frame's time. */
  readonly clockState: () => ClockState;
  /** Whether that is more than nothing; asked for every frame. Default: it is. */
  readonly clockIsSure?: () => boolean;
  /** Looks at far zones, shared with other cameras; default: a budget of its own. */
  readonly detail?: RegionBudget;
  /** Any clock that only goes forward, ms; for statistics. */
  readonly elapsed: () => number;
  readonly log: Log;
};

/** What became of one frame. */
export type FrameLook = {
  readonly index: number;
  readonly at: number;
  readonly view: CameraView;
  /** Something has changed since the last look of the model; false too for a look that was merely due. */
  readonly changed: boolean;
  readonly inferred: boolean;
  readonly detections: readonly Detection[];
  readonly findings: readonly ZoneFinding[];
  readonly observations: readonly ZoneObservation[];
};

/** State without findings is saved this often, ms of camera time. */
const SAVE_MS = 10_000;
/** A file that plays from its beginning again is behind what was saved; by more than this it is another run altogether. */
const SMALL_STEP_BACK_MS = 30_000;

export function createCameraLine(options: LineOptions) {
  const { camera, detector, keeper, writer, log } = options;
  const clockIsSure = options.clockIsSure ?? (() => true);
  const view = createView(camera, detector.input, options.mode === 'live', clockIsSure);
  const zones = createZoneRules(camera, options.calendar, detector.composites);
  const sampleGround = createPacedGroundSampler(camera.zones as readonly { id: string; ground?: [number, number][] }[]);
  const busyWith = new Set(camera.zones.flatMap(({ kind }) => ruleOf(kind as ViolationKind).groundBusyWith ?? []));
  const stats = createLineStats(options.elapsed);
  const stills = createStillTaker({ ...options, location: camera.location ?? null });
  // A replay waits for each inference as long as it takes.
  const request = options.mode === 'live' ? inferenceRequestOf(camera) : null;
  const regions = createRegionInference(
    camera,
    detector,
    options.detail ?? createRegionBudget(REGIONS_PER_SECOND),
    request,
  );
  let tracker: TrackerState = initTracker();
  /** What the model saw last; null = nothing that may stand for this frame. */
  let seen: readonly Detection[] | null = null;
  let lastAt = Number.NEGATIVE_INFINITY;
  let savedAt = Number.NEGATIVE_INFINITY;
  let restoredAt: number | null = null;
  let timeline: number | null = null;
  /** The clock that open events were told by, while it is in doubt; kept for their end when the line moves to another. */
  let doubtfulClock: ClockState | null = null;

  function restore(): void {
    const line = readSavedLine(options.saved);
    if (!line) return;
    const anew = zones.restore(line.zones, line.at);
    if (anew.length > 0) log.info({ camera: camera.id, zones: anew }, 'new or changed zones begin with an empty state');
    tracker = line.tracker;
    restoredAt = line.at;
  }
  restore();

  /** True when a saved state already covers this frame. A replay goes on after it; live, a far jump begins anew. */
  function isPast(at: number): boolean {
    if (restoredAt === null) return false;
    const back = restoredAt - at;
    if (back < 0) {
      restoredAt = null;
      return false;
    }
    if (options.mode === 'replay' || back < SMALL_STEP_BACK_MS) return true;
    log.warn({ camera: camera.id, backMs: back }, 'frames are far behind the saved state: rules begin anew');
    zones.reset();
    tracker = initTracker();
    restoredAt = null;
    return false;
  }

  /** The camera's time has moved to a clock that was set: what is remembered belongs to another time. */
  async function follow(frame: Frame): Promise<void> {
    const now = frame.timeline ?? 0;
    if (timeline !== null && now !== timeline) {
      log.debug({ camera: camera.id, from: lastAt, to: frame.at }, 'camera time moved to the clock; rules begin anew');
      zones.reset(doubtfulClock ?? undefined);
      tracker = initTracker();
      seen = null;
      regions.forget();
      view.reset();
      savedAt = Number.NEGATIVE_INFINITY;
      restoredAt = null;
      await keeper.startAnew();
    }
    timeline = now;
    doubtfulClock = clockIsSure() ? null : options.clockState();
  }

  /** Detections of the frame: the model's, or the last ones where nothing has changed since. */
  async function detect(frame: Frame, now: CameraView, still: boolean): Promise<boolean> {
    if (now.state === 'blind') {
      seen = null;
      regions.forget();
      return false;
    }
    if (still && seen !== null) return false;
    const whole = await detector.detect(frame.pixels, frame.full, request);
    // A replay's budget runs in the recording's time: the same looks each time.
    seen = await regions.infer(frame, whole, options.mode === 'replay' ? frame.at : options.elapsed());
    return true;
  }

  const stateJson = () => writeSavedLine({ at: lastAt, tracker, zones: zones.save(), seen });

  async function look(frame: Frame): Promise<FrameLook | null> {
    await follow(frame);
    if (isPast(frame.at)) return null;
    // Live, what a frame waited for its turn counts too.
    const startedAt = options.mode === 'live' ? (frame.arrivedAt ?? options.elapsed()) : options.elapsed();
    const { view: now, change } = view.look(frame);
    const inferred = await detect(frame, now, change === 'unchanged');
    const detections = seen ?? [];
    // A still scene is what it was: its things are seen again without asking the model.
    const step = stepTracker(tracker, detections, frame.at);
    tracker = step.state;
    lastAt = frame.at;
    const ground = sampleGround(
      frame.full,
      frame.at,
      step.tracks.some(({ concept }) => busyWith.has(concept)),
    );
    const scene: Scene = {
      at: frame.at,
      tracks: step.tracks.filter((track) => track.seenAt === frame.at),
      view: now.state,
      viewReasons: now.reasons,
      aspect: frame.full.width / frame.full.height,
      ...(ground ? { ground } : {}),
    };
    const { findings, slots, observations } = zones.step(scene);
    stats.frame(options.elapsed() - startedAt, inferred);
    const persons = personsIn(detections);
    const found = await stills.take(frame, persons, findings, slots);
    await keeper.offer(frame.full, frame.at, change !== 'unchanged', persons);
    frame.release();
    await save(found, slots);
    const changed = change === 'changed';
    return {
      index: frame.index,
      at: frame.at,
      view: now,
      changed,
      inferred,
      detections,
      findings,
      observations,
    };
  }

  async function save(found: readonly Found[], slots: readonly ZoneSlotUpdate[]): Promise<void> {
    if (found.length > 0 || lastAt - savedAt >= SAVE_MS) {
      savedAt = lastAt;
      await writer.put({ found, stateJson: stateJson() });
    }
    for (const { zone, update } of slots) if ('drop' in update) await keeper.drop(slotName(zone, update.drop));
  }

  return {
    /** One frame through the whole line; null when a saved state already covers it. Releases the frame's buffers. */
    look,
    offline: view.offline,
    /** Nothing is under way that moving to another time would lose. */
    isIdle: zones.isIdle,
    stats: () => ({ ...stats.read(), ...regions.stats(), ...detector.waits(camera.id) }),
    /** Saves the state as it is now. */
    async saveNow(): Promise<void> {
      if (lastAt > savedAt) {
        savedAt = lastAt;
        await writer.put({ found: [], stateJson: stateJson() });
      }
    },
  };
}

export type CameraLine = ReturnType<typeof createCameraLine>;
