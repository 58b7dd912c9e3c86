/**
 * Stills of one camera: a past to take "before" from, slots that rules fill, clips, and files named by their hash.
 *
 * `persons` are boxes whose heads are made coarse before anything is encoded. Files: `<dir>/<sha[0:2]>/<sha>.jpg`, `.mp4`;
 * slots and the newest past lie in `<dir>/state/<camera>/` and are read again at start. Clips (`.mp4`) are in memory
 * until their event is written: one that a restart cuts is left out.
 */
import { join } from 'node:path';
import type { EvidenceRef } from '../../contracts/evidence.ts';
import type { BoxXywh } from '../../contracts/geometry.ts';
import type { Log } from '../../platform/log.ts';
import type { FullPicture } from '../domain/frame.ts';
import type { EvidenceRequest } from '../domain/rule.ts';
import { CLIP_WIDTH, createClips } from './clip.ts';
import { type JpegEncoder, type Shot, sharedEncoder } from './jpeg-encoder.ts';
import { createSlotFiles } from './slot-files.ts';
import { createStillHistory } from './still-history.ts';
import { createEvidenceWriter, type EncodedEvidence } from './write-evidence.ts';

export { evidencePath } from './evidence-files.ts';
export { type EncodedEvidence, maxBytesOf } from './write-evidence.ts';

export type StillStore = {
  /** Offers a frame to the past. Settles when the picture may be released; most frames settle at once. */
  readonly offer: (
    full: FullPicture,
    at: number,
    changed: boolean,
    /** Asked for only where the frame is kept. */
    persons?: () => Promise<readonly BoxXywh[]>,
  ) => Promise<void>;
  /** Holds this frame under a name until dropped or replaced; survives a restart. */
  readonly keep: (slot: string, full: FullPicture, at: number, persons?: readonly BoxXywh[]) => Promise<void>;
  /** Adds this frame to a clip; lost with a restart. */
  readonly addToClip: (slot: string, full: FullPicture, at: number, persons?: readonly BoxXywh[]) => Promise<void>;
  readonly drop: (slot: string) => Promise<void>;
  /** Another timeline: past, slots and clips of the old one are dropped. */
  readonly startAnew: () => Promise<void>;
  /** What is asked for; null where nothing held fits. */
  readonly still: (
    request: EvidenceRequest,
    full: FullPicture,
    at: number,
    persons?: readonly BoxXywh[],
  ) => Promise<EncodedEvidence | null>;
  /** Writes stills durably, each content once. Rejects with EDGE_DISK_FULL or EDGE_EVIDENCE. */
  readonly write: (stills: readonly EncodedEvidence[]) => Promise<EvidenceRef[]>;
  readonly slots: () => readonly string[];
  readonly close: () => Promise<void>;
};

/** Stills of the past that survive a restart. */
const PAST_KEPT = 3;

/**
 * Reads what an earlier run left. Rejects with EDGE_DISK_FULL or EDGE_EVIDENCE.
 *
 * @example
 * const store = await createStillStore({ dir, camera, log });
 * await store.offer(frame.full, frame.at, true);
 * const still = await store.still({ role: 'before', from: 'history', before: at }, frame.full, frame.at);
 * const refs = still ? await store.write([still]) : [];
 */
export async function createStillStore(options: {
  readonly dir: string;
  readonly camera: string;
  readonly log: Log;
  readonly encoder?: JpegEncoder;
  /** Most that the stills of the past may take in memory; default 12 MiB. */
  readonly pastBytes?: number;
  /** False in replays: nothing is read from or left for another run. */
  readonly remember?: boolean;
}): Promise<StillStore> {
  const { dir, camera, log } = options;
  const encoder = options.encoder ?? sharedEncoder;
  const files = (options.remember ?? true) ? createSlotFiles(join(dir, 'state', camera)) : null;
  const saved = await files?.read();
  let history = createStillHistory(options.pastBytes);
  for (const shot of saved?.past ?? []) history.add(shot);
  const slots = new Map(saved?.slots);
  const clips = createClips();
  let lastFrame: { full: FullPicture; at: number; shot: Promise<Shot> } | null = null;

  /** One frame may be kept, asked for and offered: it is encoded once. */
  function shoot(full: FullPicture, at: number, persons: readonly BoxXywh[]): Promise<Shot> {
    if (lastFrame?.full !== full || lastFrame.at !== at) {
      lastFrame = { full, at, shot: encoder.encode(full, at, persons) };
    }
    return lastFrame.shot;
  }

  return {
    async offer(full, at, changed, persons = async () => []) {
      if (!history.wants(at, changed)) return;
      // Live, the past may wait while evidence is made; a replay takes the same stills each time.
      if (files && encoder.busy()) return;
      history.add(await shoot(full, at, await persons()));
    },
    async keep(slot, full, at, persons = []) {
      const shot = await shoot(full, at, persons);
      slots.set(slot, shot);
      await files?.write(slot, shot);
    },
    async addToClip(slot, full, at, persons = []) {
      clips.add(slot, await encoder.encode(full, at, persons, CLIP_WIDTH));
    },
    async drop(slot) {
      clips.drop(slot);
      if (slots.delete(slot)) await files?.forget(slot);
    },
    async startAnew() {
      history = createStillHistory(options.pastBytes);
      clips.clear();
      for (const slot of [...slots.keys()]) {
        slots.delete(slot);
        await files?.forget(slot);
      }
    },
    async still(request, full, at, persons = []) {
      const { role, from } = request;
      if (from === 'frame') return { role, shot: await shoot(full, at, persons) };
      if (from === 'clip') {
        const clip = clips.take(request.slot);
        return clip ? { role, clip } : null;
      }
      const shot = from === 'slot' ? slots.get(request.slot) : history.before(request.before);
      return shot ? { role, shot } : null;
    },
    write: createEvidenceWriter(dir, camera, log),
    slots: () => [...slots.keys()],
    async close() {
      if (!files) return;
      await files.writePast(history.newest(PAST_KEPT));
      log.debug({ camera, slots: slots.size }, 'stills kept for the next start');
    },
  };
}
