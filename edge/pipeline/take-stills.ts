/** Pictures for what rules keep and findings ask for: of the main stream where a smaller one is analysed. */
import type { ClockState } from '../../contracts/event.ts';
import type { BoxXywh, Location } from '../../contracts/geometry.ts';
import type { CameraConfig } from '../config.ts';
import type { Detection } from '../domain/detection.ts';
import type { Detector } from '../domain/detector.ts';
import type { Frame, FullPicture } from '../domain/frame.ts';
import type { EvidenceRequest } from '../domain/rule.ts';
import type { EncodedEvidence, StillStore } from '../evidence/index.ts';
import { draftOf } from './event-draft.ts';
import type { Found } from './finding-writer.ts';
import type { ZoneFinding, ZoneSlotUpdate } from './zone-rules.ts';

const WHOLE: BoxXywh = [0, 0, 1, 1];
/** What was seen in the frame is still where it was, ms. */
const SAME_MOMENT_MS = 300;

/** Rules name their slots for themselves; the store holds those of all zones of a camera. */
export const slotName = (zone: string, slot: string): string => `${zone}/${slot}`;

/** Boxes of the persons among them, shares of the frame. */
export function personsIn(detections: readonly Detection[]): BoxXywh[] {
  return detections.filter((thing) => thing.concept === 'person').map((thing) => thing.box);
}

function requestOf(zone: string, request: EvidenceRequest): EvidenceRequest {
  return request.from === 'slot' || request.from === 'clip'
    ? { ...request, slot: slotName(zone, request.slot) }
    : request;
}

type Shown = {
  readonly full: FullPicture;
  readonly at: number;
  /** Whose heads are made coarse. */
  readonly persons: readonly BoxXywh[];
  /** Time of the main stream's picture less that of the frame, ms; null where the frame is the picture. */
  readonly offsetMs: number | null;
  readonly release: () => void;
};

/** For one camera; `take` rejects with EDGE_INFERENCE, EDGE_EVIDENCE or EDGE_DISK_FULL. */
export function createStillTaker(options: {
  readonly node: string;
  readonly camera: CameraConfig;
  readonly location: Location | null;
  readonly detector: Detector;
  readonly stillStore: StillStore;
  readonly clockState: () => ClockState;
}) {
  const { stillStore, detector } = options;

  /** The main stream's picture is not quite of the frame's moment, so its persons are detected in itself. */
  async function show(frame: Frame, persons: readonly BoxXywh[]): Promise<Shown> {
    const ofFrame = { full: frame.full, at: frame.at, persons, offsetMs: null, release: () => {} };
    const main = await frame.main?.();
    if (!main) return ofFrame;
    const { full, offsetMs, release } = main;
    try {
      const found = await detector.detectIn(full, WHOLE);
      if (!found) {
        release();
        return ofFrame;
      }
      const own = personsIn(found);
      const all = Math.abs(offsetMs) <= SAME_MOMENT_MS ? [...own, ...persons] : own;
      return { full, at: Math.round(frame.at + offsetMs), persons: all, offsetMs: Math.round(offsetMs), release };
    } catch (error) {
      release();
      throw error;
    }
  }

  async function keep(
    slots: readonly ZoneSlotUpdate[],
    frame: Frame,
    persons: readonly BoxXywh[],
    shown: Shown | null,
  ) {
    for (const { zone, update } of slots) {
      if ('slot' in update && shown) {
        await stillStore.keep(slotName(zone, update.slot), shown.full, shown.at, shown.persons);
      } else if ('clip' in update) {
        // A clip is no wider than a sub-stream, and shows each frame that was analysed.
        await stillStore.addToClip(slotName(zone, update.clip), frame.full, frame.at, persons);
      }
    }
  }

  async function stillsOf(
    { zone, finding }: ZoneFinding,
    frame: Frame,
    persons: readonly BoxXywh[],
    shown: Shown | null,
  ) {
    const { full, at, persons: heads } = shown ?? { full: frame.full, at: frame.at, persons };
    const stills: EncodedEvidence[] = [];
    for (const request of finding.stills) {
      const still = await stillStore.still(requestOf(zone, request), full, at, heads);
      if (still) stills.push(still);
    }
    return stills;
  }

  return {
    async take(
      frame: Frame,
      persons: readonly BoxXywh[],
      findings: readonly ZoneFinding[],
      slots: readonly ZoneSlotUpdate[],
    ): Promise<Found[]> {
      const wanted =
        slots.some(({ update }) => 'slot' in update) ||
        findings.some(({ finding }) => finding.stills.some(({ from }) => from === 'frame'));
      const shown = wanted ? await show(frame, persons) : null;
      try {
        await keep(slots, frame, persons, shown);
        const offset = shown?.offsetMs ?? null;
        const place = {
          node: options.node,
          camera: options.camera.id,
          location: options.location,
          model: detector.ref,
          clock: { ...options.clockState(), ...(offset === null ? {} : { stillsOffsetMs: offset }) },
        };
        const found: Found[] = [];
        for (const finding of findings) {
          const stills = await stillsOf(finding, frame, persons, shown);
          found.push({ stills, toDraft: (evidence) => draftOf(finding, place, evidence) });
        }
        return found;
      } finally {
        shown?.release();
      }
    },
  };
}
