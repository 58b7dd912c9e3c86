/** Where one looks on a picture: a scale and a centre in 0..1 of the frame, shared by all panes; pure. */
import type { BoxXywh, Point } from '../../../../contracts/geometry.ts';

export type View = { readonly scale: number; readonly x: number; readonly y: number };

export const wholeView: View = { scale: 1, x: 0.5, y: 0.5 };
const MAX_SCALE = 8;
const ROOM = 1.7;

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** The picture always fills its pane. */
export function keepInside(view: View): View {
  const scale = clamp(view.scale, 1, MAX_SCALE);
  const half = 0.5 / scale;
  return { scale, x: clamp(view.x, half, 1 - half), y: clamp(view.y, half, 1 - half) };
}

/** A view that shows all boxes with some room around them. */
export function viewOfBoxes(boxes: readonly BoxXywh[]): View | null {
  if (boxes.length === 0) return null;
  const left = Math.min(...boxes.map(([x]) => x));
  const top = Math.min(...boxes.map(([, y]) => y));
  const right = Math.max(...boxes.map(([x, , w]) => x + w));
  const bottom = Math.max(...boxes.map(([, y, , h]) => y + h));
  const extent = Math.max(right - left, bottom - top) * ROOM;
  return keepInside({ scale: extent > 0 ? 1 / extent : 2, x: (left + right) / 2, y: (top + bottom) / 2 });
}

export function viewOfPoints(points: readonly Point[]): View | null {
  return viewOfBoxes(points.map(([x, y]): BoxXywh => [x, y, 0, 0]));
}

/** Zooms about a point of the pane (0..1), which stays where it is. */
export function zoomAt(view: View, factor: number, at: Point): View {
  const scale = clamp(view.scale * factor, 1, MAX_SCALE);
  const x = view.x + (at[0] - 0.5) * (1 / view.scale - 1 / scale);
  const y = view.y + (at[1] - 0.5) * (1 / view.scale - 1 / scale);
  return keepInside({ scale, x, y });
}

/** `dx`, `dy` in shares of the pane. */
export function pan(view: View, dx: number, dy: number): View {
  return keepInside({ ...view, x: view.x - dx / view.scale, y: view.y - dy / view.scale });
}

export function transformOf(view: View): string {
  const tx = (0.5 - view.x * view.scale) * 100;
  const ty = (0.5 - view.y * view.scale) * 100;
  return `translate(${tx}%, ${ty}%) scale(${view.scale})`;
}

export type Fit = { readonly width: number; readonly height: number; readonly stacked: boolean };

/** Largest size of `count` equal panes of one ratio in the room there is; beside each other unless stacking wins clearly. */
export function fitPanes(room: { width: number; height: number }, ratio: number, count: number, gap: number): Fit {
  const size = (columns: number, rows: number) => {
    const width = (room.width - gap * (columns - 1)) / columns;
    const height = (room.height - gap * (rows - 1)) / rows;
    const fitted = Math.max(0, Math.min(width, height * ratio));
    return { width: Math.floor(fitted), height: Math.floor(fitted / ratio) };
  };
  const beside = size(count, 1);
  const stacked = size(1, count);
  return stacked.width > beside.width * 1.12 ? { ...stacked, stacked: true } : { ...beside, stacked: false };
}
