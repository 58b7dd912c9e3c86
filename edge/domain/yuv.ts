/** From a camera's YUV to RGB in fixed point, for whoever needs pixels of the full picture. Pure. */
import type { FullPicture } from './frame.ts';

/** Fixed point, 16 bits. */
const ONE = 65_536;
/** Chroma gains of ITU-R BT.601 and BT.709 for full range: R = Y + rv · V, G = Y − gu · U − gv · V, B = Y + bu · U. */
export const chromaGains = {
  bt601: { rv: 1.402, gu: 0.344136, gv: 0.714136, bu: 1.772 },
  bt709: { rv: 1.5748, gu: 0.187324, gv: 0.468124, bu: 1.8556 },
} as const;

/** R = ((Y − yOffset) · yGain + rv · V + half) >> 16, and so on; U and V less 128. */
export type YuvGains = {
  readonly yGain: number;
  readonly yOffset: number;
  readonly rv: number;
  readonly gu: number;
  readonly gv: number;
  readonly bu: number;
};

/** Gains for the picture's range and matrix, each times 65 536. */
export function yuvGains({ range, matrix }: Pick<FullPicture, 'range' | 'matrix'>): YuvGains {
  const full = range === 'full';
  const gains = chromaGains[matrix ?? 'bt601'];
  const chroma = full ? 1 : 255 / 224;
  return {
    yGain: Math.round(ONE * (full ? 1 : 255 / 219)),
    yOffset: full ? 0 : 16,
    rv: Math.round(ONE * chroma * gains.rv),
    gu: Math.round(ONE * chroma * gains.gu),
    gv: Math.round(ONE * chroma * gains.gv),
    bu: Math.round(ONE * chroma * gains.bu),
  };
}
