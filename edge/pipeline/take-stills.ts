/** Pictures for what rules keep and findings ask for: of the main stream where a smaller one is analysed. */
import type { ClockState } from '../../contracts/event.ts';
import type { BoxXywh, Location } from '../../contracts/geometry.ts';
import type { CameraConfig } from '../config.ts';
import type { Detector } from '../domain/detector.ts';
import type { Frame, FullPicture } from '../domain/frame.ts';
import type { EvidenceRequest } from '../domain/rule.ts';
import type { EncodedEvidence, StillStore } from '../evidence/index.ts';
import { createFarInference } from '../regions/far-inference.ts';
import { draftOf } from './event-draft.ts';
import type { Found } from './finding-writer.ts';
import { createStillPersons, personsIn, type SeenPersons } from './still-persons.ts';
import type { ZoneFinding, ZoneSlotUpdate } from './zone-rules.ts';

const WHOLE: BoxXywh = [0, 0, 1, 1];
/** Who was seen in the frame is still where he was, ms: a walker goes less than the width of a head. */
const SAME_MOMENT_MS = 60;

/** Rules name their slots for themselves; the store holds those of all zones of a camera. */
export const slotName = (zone: string, slot: string): string => `${zone}/${slot}`;

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
  const heads = createStillPersons(createFarInference(options.camera, detector));

  async function showFrame(frame: Frame, persons: SeenPersons): Promise<Shown> {
    const own = await heads.ofFrame(frame, persons);
    return { full: frame.full, at: frame.at, persons: own, offsetMs: null, release: () => {} };
  }

  /** The main stream's picture is not quite of the frame's moment, so its persons are detected in itself. */
  async function show(frame: Frame, persons: SeenPersons): Promise<Shown> {
    const main = await frame.main?.();
    if (!main) return showFrame(frame, persons);
    const { full, offsetMs, release } = main;
    try {
      const found = await detector.detectIn(full, WHOLE);
      if (!found) {
        release();
        return showFrame(frame, persons);
      }
      const own = [...personsIn(found), ...(await heads.farIn(full))];
      const all = Math.abs(offsetMs) <= SAME_MOMENT_MS ? [...own, ...persons.now] : own;
      return { full, at: Math.round(frame.at + offsetMs), persons: all, offsetMs: Math.round(offsetMs), release };
    } catch (error) {
      release();
      throw error;
    }
  }

  async function keep(slots: readonly ZoneSlotUpdate[], frame: Frame, persons: SeenPersons, shown: Shown | null) {
    for (const { zone, update } of slots) {
      if ('slot' in update && shown) {
        await stillStore.keep(slotName(zone, update.slot), shown.full, shown.at, shown.persons);
      } else if ('clip' in update) {
        // A clip is no wider than a sub-stream, and shows each frame that was analysed: too many to look far in each.
        const all = [...persons.now, ...(persons.earlier ?? [])];
        await stillStore.addToClip(slotName(zone, update.clip), frame.full, frame.at, all);
      }
    }
  }

  /** `shown` is there where one of them is of this frame. */
  async function stillsOf({ zone, finding }: ZoneFinding, frame: Frame, shown: Shown | null) {
    const { full, at, persons } = shown ?? { full: frame.full, at: frame.at, persons: [] };
    const stills: EncodedEvidence[] = [];
    for (const request of finding.stills) {
      const still = await stillStore.still(requestOf(zone, request), full, at, persons);
      if (still) stills.push(still);
    }
    return stills;
  }

  return {
    /** Whose heads a still of the frame's own picture makes coarse. */
    personsOf: heads.ofFrame,
    async take(
      frame: Frame,
      persons: SeenPersons,
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
          const stills = await stillsOf(finding, frame, shown);
          found.push({ stills, toDraft: (evidence) => draftOf(finding, place, evidence) });
        }
        return found;
      } finally {
        shown?.release();
      }
    },
  };
}
