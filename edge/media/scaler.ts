/** From a decoded picture to another size and pixel format; contexts and targets are kept for the sizes in use. */
import type { AVColorRange, AVColorSpace, AVPixelFormat } from 'node-av/constants';
import { Frame, SoftwareScaleContext } from 'node-av/lib';
import { AppError } from '../../platform/app-error.ts';

/** Sizes in use at once in a host; the one not used for longest gives way. */
const MAX_KEPT = 24;

export type Target = {
  readonly width: number;
  readonly height: number;
  readonly format: AVPixelFormat;
  readonly flags: string;
  /** For YUV; RGB is always full. */
  readonly range?: AVColorRange;
  readonly space?: AVColorSpace;
};

/** Valid until the next call with the same sizes: copy at once. */
export type Scaled = {
  readonly frame: Frame;
  readonly planes: readonly Buffer[];
  readonly strides: readonly number[];
};

type Kept = Scaled & {
  readonly from: { readonly width: number; readonly height: number; readonly key: number };
  readonly target: Target;
  readonly context: SoftwareScaleContext;
  used: number;
};

const kept: Kept[] = [];
let uses = 0;

function fits({ from, target }: Kept, source: Frame, key: number, wanted: Target): boolean {
  return (
    from.width === source.width &&
    from.height === source.height &&
    from.key === key &&
    target.width === wanted.width &&
    target.height === wanted.height &&
    target.format === wanted.format &&
    target.flags === wanted.flags &&
    target.range === wanted.range &&
    target.space === wanted.space
  );
}

function prepare(source: Frame, key: number, target: Target): Kept {
  const frame = new Frame();
  frame.alloc();
  frame.width = target.width;
  frame.height = target.height;
  frame.format = target.format;
  if (target.range !== undefined) frame.colorRange = target.range;
  if (target.space !== undefined) frame.colorSpace = target.space;
  const context = new SoftwareScaleContext();
  context.allocContext();
  // Not getContext(): that one knows neither the picture's matrix nor its levels.
  context.setOption('sws_flags', target.flags);
  if (frame.allocBuffer() < 0) throw new AppError('EDGE_SOURCE_DECODE', 'no memory for a picture');
  const from = { width: source.width, height: source.height, key };
  return { from, target, context, frame, planes: frame.data ?? [], strides: frame.linesize, used: 0 };
}

function drop({ context, frame }: Kept): void {
  context.freeContext();
  frame.free();
}

/** Rejects a picture that cannot be converted with EDGE_SOURCE_DECODE. */
export function scaled(source: Frame, target: Target): Scaled {
  const key = (source.format * 4 + source.colorRange) * 64 + source.colorSpace;
  let found = kept.find((one) => fits(one, source, key, target));
  if (!found) {
    found = prepare(source, key, target);
    kept.push(found);
    if (kept.length > MAX_KEPT) {
      const oldest = kept.reduce(
        (least, one) => (one.used < least.used && one !== found ? one : least),
        kept[0] as Kept,
      );
      kept.splice(kept.indexOf(oldest), 1);
      drop(oldest);
    }
  }
  found.used = ++uses;
  if (found.context.scaleFrameSync(found.frame, source) < 0) {
    kept.splice(kept.indexOf(found), 1);
    drop(found);
    throw new AppError('EDGE_SOURCE_DECODE', 'a picture in a form that cannot be converted');
  }
  return found;
}
