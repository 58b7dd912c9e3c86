/** Stills of nothing: sound JPEG files of which no two are the same, at the cost of a copy. */
import sharp from 'sharp';

const WIDTH = 960;
const HEIGHT = 540;
/** JPEG (ITU-T T.81, B.1.1.3): start of image, and a comment behind it. */
const START = 2;
const COMMENT = 0xfffe;

export type StillMaker = {
  readonly width: number;
  readonly height: number;
  /** @param text makes it one of its own */
  readonly make: (text: string) => Buffer;
};

/** About as large as a street still of that size. */
export async function createStillMaker(): Promise<StillMaker> {
  const noise = { type: 'gaussian', mean: 120, sigma: 18 } as const;
  const create = { width: WIDTH, height: HEIGHT, channels: 3, background: 'grey', noise } as const;
  const base = await sharp({ create }).jpeg({ quality: 60 }).toBuffer();
  return {
    width: WIDTH,
    height: HEIGHT,
    make(text) {
      const comment = Buffer.from(text, 'utf8');
      const head = Buffer.alloc(4);
      head.writeUInt16BE(COMMENT, 0);
      // The length counts itself.
      head.writeUInt16BE(comment.length + 2, 2);
      return Buffer.concat([base.subarray(0, START), head, comment, base.subarray(START)]);
    },
  };
}
