/** Stills and clips of a finding as files named by their hash. */
import type { EvidenceRef, EvidenceRole } from '../../contracts/evidence.ts';
import { AppError } from '../../platform/app-error.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { timestamp } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { encodeClip } from './clip.ts';
import { evidencePath, sizeOf, writeWhole } from './evidence-files.ts';
import type { Shot } from './jpeg-encoder.ts';

export type EncodedEvidence =
  | { readonly role: EvidenceRole; readonly shot: Shot }
  | { readonly role: EvidenceRole; readonly clip: readonly Shot[] };

/** Most bytes that a still will take: a clip is smaller than its frames. */
export function maxBytesOf(still: EncodedEvidence): number {
  const shots = 'shot' in still ? [still.shot] : still.clip;
  return shots.reduce((sum, { jpeg }) => sum + jpeg.byteLength, 0);
}

/** @param dir of all evidence of the node */
export function createEvidenceWriter(dir: string, camera: string, log: Log) {
  async function writeFile(data: Uint8Array, ref: Omit<EvidenceRef, 'bytes'>): Promise<EvidenceRef> {
    const path = evidencePath(dir, ref.sha256, ref.mime);
    if ((await sizeOf(path)) !== data.byteLength) await writeWhole(path, data);
    return { ...ref, bytes: data.byteLength };
  }

  function writeShot(role: EvidenceRole, { jpeg, sha256, width, height, at }: Shot): Promise<EvidenceRef> {
    return writeFile(jpeg, { role, sha256, mime: 'image/jpeg', at: timestamp(at), width, height });
  }

  /** An event without its clip is worth more than none: what cannot be encoded is logged and left out. */
  async function writeClip(role: EvidenceRole, frames: readonly Shot[]): Promise<EvidenceRef | null> {
    const [first] = frames;
    if (!first) return null;
    try {
      const clip = await encodeClip(frames);
      const [width, height] = [first.width & ~1, first.height & ~1];
      const at = timestamp(first.at);
      return await writeFile(clip, { role, sha256: sha256Hex(clip), mime: 'video/mp4', at, width, height });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'EDGE_EVIDENCE') throw error;
      log.warn({ camera, code: error.code, cause: String(error.cause) }, error.message);
      return null;
    }
  }

  /** Each content once, on disk and flushed when this settles. Rejects with EDGE_DISK_FULL or EDGE_EVIDENCE. */
  return async (stills: readonly EncodedEvidence[]): Promise<EvidenceRef[]> => {
    const refs: EvidenceRef[] = [];
    for (const still of stills) {
      const ref = 'shot' in still ? await writeShot(still.role, still.shot) : await writeClip(still.role, still.clip);
      if (ref) refs.push(ref);
    }
    return refs;
  };
}
