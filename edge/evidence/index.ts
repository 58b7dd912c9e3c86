/**
 * Stills of one camera: a past to take "before" from, slots that rules keep, and files named by their hash.
 *
 *   const keeper = await createStillKeeper({ dir, camera, log });
 *   keeper.offer(frame.full, frame.at, verdict !== 'still', persons)   // every frame; encodes seldom; await before release
 *   await keeper.keep('bed-12', frame.full, frame.at, persons)         // a rule's SlotUpdate { slot }
 *   await keeper.film('pass-12', frame.full, frame.at, persons)        // a rule's SlotUpdate { clip }
 *   await keeper.drop('bed-12')                                        // a rule's SlotUpdate { drop }
 *   const still = await keeper.still(wish, frame.full, frame.at, persons)  // null: nothing kept fits the wish
 *   const refs = await keeper.write(stills)                            // on disk and flushed when this settles
 *
 * `persons` are boxes whose heads are made coarse before anything is encoded. Files: `<dir>/<sha[0:2]>/<sha>.jpg`, `.mp4`;
 * slots and the newest past lie in `<dir>/state/<camera>/` and are read again at start. Films (`.mp4`) are in memory
 * until their event is written: one that a restart cuts is left out.
 */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EvidenceRef, EvidenceRole } from '../../contracts/evidence.ts';
import type { BoxXywh } from '../../contracts/geometry.ts';
import { AppError } from '../../platform/app-error.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { timestamp } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { FullPicture } from '../domain/frame.ts';
import type { EvidenceRequest } from '../domain/rule.ts';
import { createFilms, encodeFilm, FILM_WIDTH } from './clip.ts';
import { evidencePath, sizeOf, writeFault, writeWhole } from './evidence-files.ts';
import { type JpegEncoder, type Shot, sharedEncoder } from './jpeg-encoder.ts';
import { createStillHistory } from './still-history.ts';

export { evidencePath } from './evidence-files.ts';
export type { Shot } from './jpeg-encoder.ts';

export type Still =
  | { readonly role: EvidenceRole; readonly shot: Shot }
  | { readonly role: EvidenceRole; readonly film: readonly Shot[] };

/** Room that a still will take at the most: a film is smaller than its frames. */
export function mostBytes(still: Still): number {
  const shots = 'shot' in still ? [still.shot] : still.film;
  return shots.reduce((sum, { jpeg }) => sum + jpeg.byteLength, 0);
}

export type StillKeeper = {
  /** Offers a frame to the past. Settles when the picture may be released; most frames settle at once. */
  readonly offer: (full: FullPicture, at: number, changed: boolean, persons?: readonly BoxXywh[]) => Promise<void>;
  /** Keeps this frame under a name until dropped or kept anew; survives a restart. */
  readonly keep: (slot: string, full: FullPicture, at: number, persons?: readonly BoxXywh[]) => Promise<void>;
  /** Adds this frame to a film; lost with a restart. */
  readonly film: (slot: string, full: FullPicture, at: number, persons?: readonly BoxXywh[]) => Promise<void>;
  readonly drop: (slot: string) => Promise<void>;
  /** Another timeline: past, slots and films of the old one are let go. */
  readonly startAnew: () => Promise<void>;
  readonly still: (
    wish: EvidenceRequest,
    full: FullPicture,
    at: number,
    persons?: readonly BoxXywh[],
  ) => Promise<Still | null>;
  /** Writes stills durably, each content once. Rejects with EDGE_DISK_FULL or EDGE_EVIDENCE. */
  readonly write: (stills: readonly Still[]) => Promise<EvidenceRef[]>;
  /** Slots in use, for a pipeline that drops what no rule knows any more. */
  readonly slots: () => readonly string[];
  readonly close: () => Promise<void>;
};

/** Stills of the past that survive a restart. */
const PAST_KEPT = 3;
const PAST = 'past';

/** `<slot or past>.<at>.<width>x<height>.jpg`, the slot's name in base64url. */
function stateName(slot: string, shot: Shot): string {
  return `${Buffer.from(slot).toString('base64url')}.${shot.at}.${shot.width}x${shot.height}.jpg`;
}

export async function createStillKeeper(options: {
  readonly dir: string;
  readonly camera: string;
  readonly log: Log;
  readonly encoder?: JpegEncoder;
  /** Most that the stills of the past may take in memory; default 12 MiB. */
  readonly pastBytes?: number;
  /** False in replays: nothing is read from or left for another run. */
  readonly remember?: boolean;
}): Promise<StillKeeper> {
  const { dir, camera, log } = options;
  const encoder = options.encoder ?? sharedEncoder;
  const remember = options.remember ?? true;
  const stateDir = join(dir, 'state', camera);
  let history = createStillHistory();
  const slots = new Map<string, Shot>();
  const films = createFilms();
  let lastFrame: { full: FullPicture; at: number; shot: Promise<Shot> } | null = null;

  /** One frame may be kept, wished for and offered: it is encoded once. */
  function shoot(full: FullPicture, at: number, persons: readonly BoxXywh[]): Promise<Shot> {
    if (lastFrame?.full !== full || lastFrame.at !== at) {
      lastFrame = { full, at, shot: encoder.encode(full, at, persons) };
    }
    return lastFrame.shot;
  }

  async function forget(slot: string, except: string | null): Promise<void> {
    if (!remember) return;
    const prefix = `${Buffer.from(slot).toString('base64url')}.`;
    for (const name of await readdir(stateDir)) {
      if (name.startsWith(prefix) && name !== except) await rm(join(stateDir, name), { force: true });
    }
  }

  async function restore(): Promise<void> {
    await mkdir(stateDir, { recursive: true }).catch((cause: unknown) => {
      throw writeFault(stateDir, cause);
    });
    const past: Shot[] = [];
    for (const name of (await readdir(stateDir)).sort()) {
      const parts = /^([A-Za-z0-9_-]+)\.(\d+)\.(\d+)x(\d+)\.jpg$/.exec(name);
      if (!parts) {
        // Left by a power cut while it was written.
        await rm(join(stateDir, name), { force: true, recursive: true });
        continue;
      }
      const jpeg = await readFile(join(stateDir, name));
      const [at, width, height] = parts.slice(2).map(Number) as [number, number, number];
      const shot = { jpeg, sha256: sha256Hex(jpeg), width, height, at };
      const slot = Buffer.from(parts[1] as string, 'base64url').toString();
      if (slot === PAST) past.push(shot);
      else slots.set(slot.slice(1), shot);
    }
    for (const shot of past.sort((a, b) => a.at - b.at)) history.add(shot);
  }
  if (remember) await restore();

  async function writeFile(data: Uint8Array, ref: Omit<EvidenceRef, 'bytes'>): Promise<EvidenceRef> {
    const path = evidencePath(dir, ref.sha256, ref.mime);
    if ((await sizeOf(path)) !== data.byteLength) await writeWhole(path, data);
    return { ...ref, bytes: data.byteLength };
  }

  function writeShot(role: EvidenceRole, { jpeg, sha256, width, height, at }: Shot): Promise<EvidenceRef> {
    return writeFile(jpeg, { role, sha256, mime: 'image/jpeg', at: timestamp(at), width, height });
  }

  /** An event without its film is worth more than none: what cannot be encoded is said and left out. */
  async function writeFilm(role: EvidenceRole, frames: readonly Shot[]): Promise<EvidenceRef | null> {
    const [first] = frames;
    if (!first) return null;
    try {
      const film = await encodeFilm(frames);
      const [width, height] = [first.width & ~1, first.height & ~1];
      const at = timestamp(first.at);
      return await writeFile(film, { role, sha256: sha256Hex(film), mime: 'video/mp4', at, width, height });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'EDGE_EVIDENCE') throw error;
      log.warn({ camera, code: error.code, cause: String(error.cause) }, error.message);
      return null;
    }
  }

  return {
    async offer(full, at, changed, persons = []) {
      if (!history.wants(at, changed)) return;
      // Live, the past may wait while evidence is made; a replay takes the same stills each time.
      if (remember && encoder.busy()) return;
      history.add(await shoot(full, at, persons));
    },
    async keep(slot, full, at, persons = []) {
      const shot = await shoot(full, at, persons);
      slots.set(slot, shot);
      if (!remember) return;
      const name = stateName(`_${slot}`, shot);
      await writeWhole(join(stateDir, name), shot.jpeg, false);
      await forget(`_${slot}`, name);
    },
    async film(slot, full, at, persons = []) {
      films.add(slot, await encoder.encode(full, at, persons, FILM_WIDTH));
    },
    async drop(slot) {
      films.drop(slot);
      if (slots.delete(slot)) await forget(`_${slot}`, null);
    },
    async startAnew() {
      history = createStillHistory();
      films.clear();
      for (const slot of [...slots.keys()]) {
        slots.delete(slot);
        await forget(`_${slot}`, null);
      }
    },
    async still(wish, full, at, persons = []) {
      if (wish.from === 'clip') {
        const film = films.take(wish.slot);
        return film ? { role: wish.role, film } : null;
      }
      const kept =
        wish.from === 'slot' ? slots.get(wish.slot) : wish.from === 'history' ? history.before(wish.before) : undefined;
      if (wish.from !== 'frame') return kept ? { role: wish.role, shot: kept } : null;
      return { role: wish.role, shot: await shoot(full, at, persons) };
    },
    async write(stills) {
      const refs: EvidenceRef[] = [];
      for (const still of stills) {
        const ref = 'shot' in still ? await writeShot(still.role, still.shot) : await writeFilm(still.role, still.film);
        if (ref) refs.push(ref);
      }
      return refs;
    },
    slots: () => [...slots.keys()],
    async close() {
      if (!remember) return;
      await forget(PAST, null);
      for (const shot of history.newest(PAST_KEPT)) {
        await writeWhole(join(stateDir, stateName(PAST, shot)), shot.jpeg, false);
      }
      log.debug({ camera, slots: slots.size }, 'stills kept for the next start');
    },
  };
}
