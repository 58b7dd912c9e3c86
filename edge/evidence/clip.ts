/** Frames of a pass as a short clip that every browser plays: H.264 in MP4, the same bytes for the same frames. */
import { AppError } from '../../platform/app-error.ts';
import { encodeClip as encodeJpegs } from '../media/encode-clip.ts';
import type { Shot } from './jpeg-encoder.ts';

/** Wide enough to see a sheet and a spill; the stills have every pixel. */
export const CLIP_WIDTH = 640;
/** Forty seconds at five frames a second, about 8 MB in memory; the oldest go first. */
const MAX_FRAMES = 200;
/** Fewer show no movement. */
const MIN_FRAMES = 5;
const MAX_RATE = 25;

/** The clips of one camera that are under way, each by the name of its slot. */
export function createClips() {
  const clips = new Map<string, Shot[]>();
  return {
    add(name: string, shot: Shot): void {
      const frames = clips.get(name) ?? [];
      // A camera that changed its size begins a new clip.
      const same = frames[0]?.width === shot.width && frames[0].height === shot.height;
      clips.set(name, same ? [...frames.slice(1 - MAX_FRAMES), shot] : [shot]);
    },
    /** The frames so far, or null where there are too few. */
    take(name: string): readonly Shot[] | null {
      const frames = clips.get(name) ?? [];
      return frames.length < MIN_FRAMES ? null : frames;
    },
    drop: (name: string): boolean => clips.delete(name),
    clear: (): void => clips.clear(),
  };
}

/** Frames a second as they were analysed; halts, which are not in it, do not count. */
function rateOf(frames: readonly Shot[]): number {
  const gaps = frames.slice(1).map((shot, i) => shot.at - (frames[i] as Shot).at);
  const usual = gaps.sort((a, b) => a - b)[gaps.length >> 1] ?? 200;
  return Math.min(MAX_RATE, Math.max(1, Math.round(10_000 / Math.max(1, usual)) / 10));
}

/** Rejects with EDGE_EVIDENCE, as where a frame is no JPEG. */
export async function encodeClip(frames: readonly Shot[]): Promise<Uint8Array> {
  try {
    return await encodeJpegs(
      frames.map(({ jpeg }) => jpeg),
      rateOf(frames),
    );
  } catch (cause) {
    throw new AppError('EDGE_EVIDENCE', `a clip of ${frames.length} frames could not be encoded`, { cause });
  }
}
