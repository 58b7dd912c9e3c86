/** Clips with their truth, one after another from a seed on. */
import { findFfmpeg } from '../../platform/find-ffmpeg.ts';
import { launchScenes } from './browser.ts';
import { planClip, planEncoding } from './plan.ts';
import { canWriteH265, renderClip } from './render.ts';
import type { SceneKind } from './types.ts';

export type ClipOrder = {
  /** Seed of the first clip; the next ones count up. */
  readonly seed: number;
  readonly count: number;
  /** Taken in turn. */
  readonly kinds: readonly SceneKind[];
  /** Folder for the clips and their truth. */
  readonly out: string;
  readonly fps: number;
  /** Length of a clip; default: as long as its story. */
  readonly seconds?: number;
  /** Even numbers of pixels. */
  readonly size: { readonly width: number; readonly height: number };
  /** `mixed`: some are H.265 where FFmpeg can write it. */
  readonly codec: 'mixed' | 'h264';
};

/** Names of the clips as they come. @throws CFG_PROGRAM_MISSING, and what Chromium or FFmpeg has against it */
export async function* renderClips(order: ClipOrder): AsyncGenerator<string> {
  const { fps, out, size } = order;
  const { path: ffmpeg } = await findFfmpeg();
  const h265 = order.codec === 'h264' ? false : await canWriteH265(ffmpeg);
  const browser = await launchScenes(size);
  try {
    for (let i = 0; i < order.count; i++) {
      const seed = order.seed + i;
      const kind = order.kinds[i % order.kinds.length] ?? 'none';
      const name = `${kind}-${seed}`;
      const spec = planClip(kind, seed, order.seconds);
      const encoding = planEncoding(seed, h265);
      await renderClip(browser, { name, spec, cameraId: `scene-${seed}`, fps, out, size, encoding, ffmpeg });
      yield `${name}.mp4`;
    }
  } finally {
    await browser.close();
  }
}
