/** One camera, one straight line: frame → view → gate → detector → tracker → rules → stills → outbox. */
import type { ClockState } from '../../contracts/event.ts';
import type { Calendar } from '../../contracts/schedule.ts';
import type { Log } from '../../platform/log.ts';
import type { CameraConfig } from '../config.ts';
import type { Detection } from '../domain/detection.ts';
import type { Detector } from '../domain/detector.ts';
import type { Frame } from '../domain/frame.ts';
import type { StillWish } from '../domain/rule.ts';
import type { Scene } from '../domain/scene.ts';
import type { Still, StillKeeper } from '../evidence/index.ts';
import type { CameraView } from '../health/camera-health.ts';
import { initTracker, stepTracker, type TrackerState } from '../tracker/index.ts';
import { createDetailBudget, DETAIL_PER_SECOND, type DetailBudget } from './detail-budget.ts';
import { draftOf } from './event-draft.ts';
import { createFarLook } from './far-look.ts';
import type { FindingWriter, Found } from './finding-writer.ts';
import { createPacedGroundSampler } from './ground-sample.ts';
import { createLineStats } from './line-stats.ts';
import { lookOrderOf } from './look-order.ts';
import { readSavedLine, writeSavedLine } from './saved-line.ts';
import { createView } from './view.ts';
import { createZoneRules, type ZoneFinding, type ZoneKeep } from './zone-rules.ts';

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
  readonly clockState: () => ClockState;
  /** Looks at far zones, shared with other cameras; default: a budget of its own. */
  readonly detail?: DetailBudget;
  /** Any clock that only goes forward, ms; for statistics. */
  readonly elapsed: () => number;
  readonly log: Log;
};

/** What became of one frame. */
export type FrameLook = {
  readonly index: number;
  readonly at: number;
  readonly view: CameraView;
  readonly inferred: boolean;
  readonly detections: readonly Detection[];
  /** What the rules were given. */
  readonly scene: Scene;
  readonly findings: readonly ZoneFinding[];
};

/** State without findings is saved this often, ms of camera time. */
const SAVE_MS = 10_000;
/** After a restart the clock may be a little behind what was saved; more than this is another time altogether. */
const SMALL_STEP_BACK_MS = 30_000;

const isTruck = ({ concept }: Detection): boolean => concept === 'muck_truck' || concept === 'truck';

/** Rules name their slots for themselves; the keeper holds those of all zones of a camera. */
const slotName = (zone: string, slot: string): string => `${zone}/${slot}`;

function wishOf(zone: string, wish: StillWish): StillWish {
  return wish.from === 'slot' || wish.from === 'film' ? { ...wish, slot: slotName(zone, wish.slot) } : wish;
}

export function createCameraLine(options: LineOptions) {
  const { camera, detector, keeper, writer, log } = options;
  const view = createView(camera, detector.input, options.mode === 'live');
  const zones = createZoneRules(camera, options.calendar, detector.composites);
  const sampleGround = createPacedGroundSampler(camera.zones as readonly { id: string; ground?: [number, number][] }[]);
  const stats = createLineStats(options.elapsed);
  // A replay waits for each look as long as it takes.
  const order = options.mode === 'live' ? lookOrderOf(camera) : null;
  const far = createFarLook(camera, detector, options.detail ?? createDetailBudget(DETAIL_PER_SECOND), order);
  let tracker: TrackerState = initTracker();
  /** What the model saw last; null = nothing that may stand for this frame. */
  let seen: readonly Detection[] | null = null;
  let lastAt = Number.NEGATIVE_INFINITY;
  let savedAt = Number.NEGATIVE_INFINITY;
  let restoredAt: number | null = null;

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
    log.warn({ camera: camera.id, backMs: back }, 'the clock is far behind the saved state: rules begin anew');
    zones.reset();
    tracker = initTracker();
    restoredAt = null;
    return false;
  }

  /** Detections of the frame: the model's, or the last ones where nothing has changed since. */
  async function detect(frame: Frame, now: CameraView, still: boolean): Promise<boolean> {
    if (now.state === 'blind') {
      seen = null;
      far.forget();
      return false;
    }
    if (still && seen !== null) return false;
    const whole = await detector.detect(frame.pixels, frame.full, order);
    // A replay's budget runs in the recording's time: the same looks each time.
    seen = await far.look(frame, whole, options.mode === 'replay' ? frame.at : options.elapsed());
    return true;
  }

  async function takeStills(frame: Frame, findings: readonly ZoneFinding[], keeps: readonly ZoneKeep[]) {
    const { full, at } = frame;
    const persons = (seen ?? []).filter((thing) => thing.concept === 'person').map((thing) => thing.box);
    for (const { zone, keep } of keeps) {
      if ('slot' in keep) await keeper.keep(slotName(zone, keep.slot), full, at, persons);
      else if ('film' in keep) await keeper.film(slotName(zone, keep.film), full, at, persons);
    }
    const place = {
      node: options.node,
      camera: camera.id,
      location: camera.location ?? null,
      model: detector.ref,
      clock: options.clockState(),
    };
    const found: Found[] = [];
    for (const finding of findings) {
      const stills: Still[] = [];
      for (const wish of finding.finding.stills) {
        const still = await keeper.still(wishOf(finding.zone, wish), full, at, persons);
        if (still) stills.push(still);
      }
      found.push({ stills, toDraft: (evidence) => draftOf(finding, place, evidence) });
    }
    return { found, persons };
  }

  const stateJson = () => writeSavedLine({ at: lastAt, tracker, zones: zones.save(), seen });

  async function look(frame: Frame): Promise<FrameLook | null> {
    if (isPast(frame.at)) return null;
    const startedAt = options.elapsed();
    const { view: now, verdict } = view.look(frame);
    const inferred = await detect(frame, now, verdict === 'still');
    const detections = seen ?? [];
    // A still scene is what it was: its things are seen again without asking the model.
    const step = stepTracker(tracker, detections, frame.at);
    tracker = step.state;
    lastAt = frame.at;
    const ground = sampleGround(frame.full, frame.at, step.tracks.some(isTruck));
    const scene: Scene = {
      at: frame.at,
      tracks: step.tracks.filter((track) => track.seenAt === frame.at),
      view: now.state,
      viewReasons: now.reasons,
      aspect: frame.full.width / frame.full.height,
      ...(ground ? { ground } : {}),
    };
    const { findings, keeps } = zones.step(scene);
    stats.frame(options.elapsed() - startedAt, inferred);
    const { found, persons } = await takeStills(frame, findings, keeps);
    await keeper.offer(frame.full, frame.at, verdict !== 'still', persons);
    frame.release();
    await save(found, keeps);
    return { index: frame.index, at: frame.at, view: now, inferred, detections, scene, findings };
  }

  async function save(found: readonly Found[], keeps: readonly ZoneKeep[]): Promise<void> {
    if (found.length > 0 || lastAt - savedAt >= SAVE_MS) {
      savedAt = lastAt;
      await writer.put({ found, stateJson: stateJson() });
    }
    for (const { zone, keep } of keeps) if ('drop' in keep) await keeper.drop(slotName(zone, keep.drop));
  }

  return {
    /** One frame through the whole line; null when a saved state already covers it. Releases the frame's buffers. */
    look,
    offline: view.offline,
    stats: () => ({ ...stats.read(), ...far.stats(), ...detector.waits(camera.id) }),
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
