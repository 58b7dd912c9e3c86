/** What is shown of a picture: a scale and a centre in 0..1 of the frame, shared by all panes; pure. */
import type { BoxXywh, Point } from '../../../../contracts/geometry.ts';

export type View = { readonly scale: number; readonly x: number; readonly y: number };

export const wholeView: View = { scale: 1, x: 0.5, y: 0.5 };
const MAX_SCALE = 8;
const ROOM = 1.7;

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** Shares of the picture's width and height that a pane shows at scale 1. */
export type Window = readonly [number, number];
export const wholeWindow: Window = [1, 1];

/** The picture always fills its pane. */
export function keepInside(view: View, window: Window = wholeWindow): View {
  const scale = clamp(view.scale, 1, MAX_SCALE);
  const [halfX, halfY] = [window[0] / 2 / scale, window[1] / 2 / scale];
  return { scale, x: clamp(view.x, halfX, 1 - halfX), y: clamp(view.y, halfY, 1 - halfY) };
}

type Extent = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };

function extentOf(boxes: readonly BoxXywh[]): Extent | null {
  if (boxes.length === 0) return null;
  return {
    left: Math.min(...boxes.map(([x]) => x)),
    top: Math.min(...boxes.map(([, y]) => y)),
    right: Math.max(...boxes.map(([x, , w]) => x + w)),
    bottom: Math.max(...boxes.map(([, y, , h]) => y + h)),
  };
}

/** What two panes beside each other may cut off: where the things are, and how much of the width must stay. */
export type Crop = { readonly x: number; readonly share: number };
const CROP_ROOM = 1.4;
const MIN_SHARE = 0.5;

/** Null where nothing may be cut off: no boxes, or boxes all over the picture. */
export function cropOf(boxes: readonly BoxXywh[]): Crop | null {
  const extent = extentOf(boxes);
  if (extent === null) return null;
  const share = Math.max(MIN_SHARE, (extent.right - extent.left) * CROP_ROOM);
  return share >= 1 ? null : { x: (extent.left + extent.right) / 2, share };
}

/** Where an untouched view is centred: on the things, where the pane does not show the whole picture. */
export function centreOn(view: View, crop: Crop | null): View {
  return view === wholeView && crop !== null ? { ...view, x: crop.x } : view;
}

/** A view that shows all boxes with some room around them. */
export function viewOfBoxes(boxes: readonly BoxXywh[]): View | null {
  const around = extentOf(boxes);
  if (around === null) return null;
  const { left, top, right, bottom } = around;
  const extent = Math.max(right - left, bottom - top) * ROOM;
  return keepInside({ scale: extent > 0 ? 1 / extent : 2, x: (left + right) / 2, y: (top + bottom) / 2 });
}

export function viewOfPoints(points: readonly Point[]): View | null {
  return viewOfBoxes(points.map(([x, y]): BoxXywh => [x, y, 0, 0]));
}

/** Zooms about a point of the pane (0..1), which stays where it is. */
export function zoomAt(view: View, factor: number, at: Point, window: Window = wholeWindow): View {
  const scale = clamp(view.scale * factor, 1, MAX_SCALE);
  const x = view.x + (at[0] - 0.5) * window[0] * (1 / view.scale - 1 / scale);
  const y = view.y + (at[1] - 0.5) * window[1] * (1 / view.scale - 1 / scale);
  return keepInside({ scale, x, y }, window);
}

/** `dx`, `dy` in shares of the pane. */
export function pan(view: View, dx: number, dy: number, window: Window = wholeWindow): View {
  const [x, y] = [view.x - (dx * window[0]) / view.scale, view.y - (dy * window[1]) / view.scale];
  return keepInside({ ...view, x, y }, window);
}

/** In shares of the picture at scale 1, which is as much larger than its pane as the window says. */
export function transformOf(view: View, window: Window = wholeWindow): string {
  const { scale, x, y } = keepInside(view, window);
  const tx = (window[0] / 2 - x * scale) * 100;
  const ty = (window[1] / 2 - y * scale) * 100;
  return `translate(${tx}%, ${ty}%) scale(${scale})`;
}

export type Fit = {
  readonly width: number;
  readonly height: number;
  readonly stacked: boolean;
  readonly window: Window;
};

type Size = { readonly width: number; readonly height: number };

/**
 * Largest size of `count` equal panes of one ratio in the room there is; beside each other unless stacking wins clearly.
 * With a crop, panes beside each other use the height that there is and cut the sides off instead of leaving it empty.
 */
export function fitPanes(room: Size, ratio: number, count: number, gap: number, crop: Crop | null = null): Fit {
  const size = (columns: number, rows: number) => {
    const width = (room.width - gap * (columns - 1)) / columns;
    const height = (room.height - gap * (rows - 1)) / rows;
    const fitted = Math.max(0, Math.min(width, height * ratio));
    return { width: Math.floor(fitted), height: Math.floor(fitted / ratio) };
  };
  const beside = size(count, 1);
  const stacked = size(1, count);
  const tall = crop === null ? beside.height : Math.min(room.height, beside.width / (ratio * crop.share));
  const height = Math.floor(Math.max(beside.height, tall));
  if (stacked.width > Math.max(beside.width, height * ratio) * 1.12) {
    return { ...stacked, stacked: true, window: wholeWindow };
  }
  const share = height > 0 ? Math.min(1, beside.width / (height * ratio)) : 1;
  return { width: beside.width, height, stacked: false, window: share > 0.99 ? wholeWindow : [share, 1] };
}
