/** One camera, one straight line: frame → view → change detector → model → tracker → rules → stills → outbox. */
import type { ClockState } from '../../contracts/event.ts';
import type { Calendar } from '../../contracts/schedule.ts';
import type { Log } from '../../platform/log.ts';
import type { CameraConfig } from '../config.ts';
import type { Detection } from '../domain/detection.ts';
import type { Detector } from '../domain/detector.ts';
import type { Frame } from '../domain/frame.ts';
import type { StillStore } from '../evidence/index.ts';
import type { CameraView } from '../health/camera-health.ts';
import type { CameraMemory } from '../memory/camera-memory.ts';
import type { RegionBudget } from '../regions/region-budget.ts';
import { initTracker, stepTracker, type TrackerState } from '../tracker/index.ts';
import type { FindingWriter, Found } from './finding-writer.ts';
import { type CountedZones, createHourCounter } from './hour-counter.ts';
import { createLineBackground } from './line-background.ts';
import { createLineInference } from './line-inference.ts';
import { createLineStats } from './line-stats.ts';
import { readSavedLine, writeSavedLine } from './saved-line.ts';
import { createSceneBuilder } from './scene.ts';
import { personsSeen } from './still-persons.ts';
import { createStillTaker, slotName } from './take-stills.ts';
import { createView } from './view.ts';
import { createZoneRules, type ZoneFinding, type ZoneObservation, type ZoneSlotUpdate } from './zone-rules.ts';

export type LineOptions = {
  readonly node: string;
  readonly camera: CameraConfig;
  readonly calendar: Calendar;
  readonly detector: Detector;
  readonly stillStore: StillStore;
  readonly writer: FindingWriter;
  /** What an earlier run saved, JSON, or null. */
  readonly saved: string | null;
  /** The background model that it saved; default: none. */
  readonly savedBackground?: string | null;
  readonly mode: 'live' | 'replay';
  /** What is known of the frame's time. */
  readonly clockState: () => ClockState;
  /** Whether that is more than nothing; asked for every frame. Default: it is. */
  readonly clockIsSure?: () => boolean;
  /** What the camera has learnt of its street; left out: nothing is. */
  readonly memory?: CameraMemory;
  /** Inferences on regions of far zones, shared with other cameras; default: a budget of its own. */
  readonly detail?: RegionBudget;
  /** Any clock that only goes forward, ms; for statistics. */
  readonly elapsed: () => number;
  readonly log: Log;
};

/** What became of one frame. */
export type FrameResult = {
  readonly index: number;
  readonly at: number;
  readonly view: CameraView;
  /** Something has changed since the last inference; false too for one that was merely due. */
  readonly changed: boolean;
  readonly inferred: boolean;
  readonly detections: readonly Detection[];
  readonly findings: readonly ZoneFinding[];
  readonly observations: readonly ZoneObservation[];
};

/** @returns true when the memory began anew. A view that is not whole, or a time that is not sure, teaches nothing */
function remember(
  memory: CameraMemory,
  at: number,
  detections: readonly Detection[] | null,
  view: CameraView,
): boolean {
  const watched = view.reasons.every((reason) => reason === 'low-rate');
  return memory.observe(at, detections, watched, view.reasons.includes('moved'));
}

function takeResults(
  memory: CameraMemory,
  findings: readonly ZoneFinding[],
  observations: readonly ZoneObservation[],
): void {
  for (const { finding } of findings) {
    // A proposal says that nothing happened; it is told whole and has no start.
    if (finding.phase === 'start') memory.eventBegan(finding.startedAt, finding.objects);
  }
  for (const {
    observation: { observed },
  } of observations) {
    if ('heldBack' in observed) memory.heldBack(observed.heldBack ?? 0);
  }
}

/** State without findings is saved this often, ms of camera time. */
const SAVE_MS = 10_000;
/** A file that plays from its beginning again is behind what was saved; by more than this it is another run altogether. */
const SMALL_STEP_BACK_MS = 30_000;

/**
 * The line of one camera, from the state that an earlier run saved on.
 *
 * `process` takes one frame after another; what it rejects with ends the line.
 */
export function createCameraLine(options: LineOptions) {
  const { camera, detector, stillStore, writer, memory, log } = options;
  const clockIsSure = options.clockIsSure ?? (() => true);
  const view = createView(camera, detector.input, options.mode === 'live', clockIsSure);
  const zones = createZoneRules(camera, options.calendar, detector.composites);
  const sceneOf = createSceneBuilder(camera);
  const background = createLineBackground(camera, options.calendar, detector.input, options.savedBackground ?? null);
  const counter = createHourCounter(camera as CountedZones);
  const stats = createLineStats(options.elapsed);
  const stills = createStillTaker({ ...options, location: camera.location ?? null });
  const inference = createLineInference(options);
  let tracker: TrackerState = initTracker();
  let lastAt = Number.NEGATIVE_INFINITY;
  let savedAt = Number.NEGATIVE_INFINITY;
  let restoredAt: number | null = null;
  let timeline: number | null = null;
  /** The clock that open events were reported by, while it is in doubt; kept for their end when the line moves to another. */
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
      inference.forget();
      view.reset();
      memory?.pause();
      savedAt = Number.NEGATIVE_INFINITY;
      restoredAt = null;
      await stillStore.startAnew();
    }
    timeline = now;
    doubtfulClock = clockIsSure() ? null : options.clockState();
  }

  const stateJson = () => writeSavedLine({ at: lastAt, tracker, zones: zones.save(), seen: inference.seen() });

  const put = (found: readonly Found[], last: boolean) =>
    writer.put({
      found,
      stateJson: stateJson(),
      beside: background.save(lastAt, last),
      hours: counter.take(),
    });

  async function process(frame: Frame): Promise<FrameResult | null> {
    await follow(frame);
    if (isPast(frame.at)) return null;
    // Live, what a frame waited for its turn counts too.
    const startedAt = options.mode === 'live' ? (frame.arrivedAt ?? options.elapsed()) : options.elapsed();
    const { view: now, change } = view.observe(frame);
    const inferred = await inference.detect(frame, now.state === 'blind', change === 'unchanged');
    const detections = inference.seen() ?? [];
    // An unchanged scene is what it was: its things are seen again without asking the model.
    const step = stepTracker(tracker, detections, frame.at);
    tracker = step.state;
    lastAt = frame.at;
    if (memory && remember(memory, frame.at, inferred ? detections : null, now))
      log.warn({ camera: camera.id }, 'the camera has moved: what it remembered of its street is forgotten');
    const seeing = { view: now.state, viewReasons: now.reasons };
    const tracks = memory?.withBars(step.tracks, frame.at) ?? step.tracks;
    const scene = sceneOf(frame, tracks, now, background.observe(frame, step.tracks, seeing));
    const { findings, slots, observations } = zones.step(scene);
    if (memory) takeResults(memory, findings, observations);
    counter.count(scene, observations, doubtfulClock === null);
    stats.frame(options.elapsed() - startedAt, inferred);
    const persons = personsSeen(detections, inference.held());
    const found = await stills.take(frame, persons, findings, slots);
    await stillStore.offer(frame.full, frame.at, change !== 'unchanged', () => stills.personsOf(frame, persons));
    frame.release();
    await save(found, slots);
    const changed = change === 'changed';
    return { index: frame.index, at: frame.at, view: now, changed, inferred, detections, findings, observations };
  }

  async function save(found: readonly Found[], slots: readonly ZoneSlotUpdate[]): Promise<void> {
    if (found.length > 0 || lastAt - savedAt >= SAVE_MS) {
      savedAt = lastAt;
      await put(found, false);
    }
    for (const { zone, update } of slots) if ('drop' in update) await stillStore.drop(slotName(zone, update.drop));
  }

  return {
    /** One frame through the whole line; null when a saved state already covers it. Releases the frame's buffers. */
    process,
    offline: view.offline,
    /** Nothing is under way that moving to another time would lose. */
    isIdle: zones.isIdle,
    stats: () => ({
      ...stats.read(),
      ...inference.stats(),
      presentSinceStart: zones.presentSinceStart(),
      ...(memory ? { raisedCells: memory.raised() } : {}),
    }),
    /** Saves the state as it is now. */
    async saveNow(): Promise<void> {
      if (lastAt > savedAt) {
        savedAt = lastAt;
        await put([], true);
      }
    },
  };
}

export type CameraLine = ReturnType<typeof createCameraLine>;
