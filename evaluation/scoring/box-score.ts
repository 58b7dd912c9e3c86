/** AP of boxes by class, by size at the model's input, and by what the scene was like. */
import { cocoOverlaps, createApTable, type FoundBox, type Range, type TruthBox } from '../metrics/coco-ap.ts';

/** Smaller things at the model's input are not asked for: sqrt(w·h) in its pixels. */
const MIN_PIXELS = 12;
/** Less than this can be seen of it: a detector neither must nor must not find it. */
export const MIN_VISIBLE = 0.3;

/** Steps of size, sqrt(w·h) in pixels of the model's input; the first is listed and not asked for. */
const steps = [0, MIN_PIXELS, 24, 48, 96] as const;
const ENDLESS = 1e5;
const headline: Range = [MIN_PIXELS ** 2, ENDLESS ** 2];
/** COCO's ranges are closed at both ends; a size on a step belongs to the bin that it begins. */
const JUST_BELOW = 1 - 1e-9;

type SizeBin = { readonly name: string; readonly area: Range };
export const sizeBins: readonly SizeBin[] = steps.map((from, i) => {
  const to = steps[i + 1];
  const name = i === 0 ? `<${to}` : to === undefined ? `≥${from}` : `${from}–${to}`;
  return { name, area: [from ** 2, (to ?? ENDLESS) ** 2 * JUST_BELOW] };
});

type ClassAp = { readonly label: string; readonly truths: number; readonly ap50: number; readonly ap: number };
export type GroupAp = { readonly name: string; readonly truths: number; readonly ap50: number | null };
type SizeAp = GroupAp & { readonly byClass: readonly { label: string; truths: number; ap50: number }[] };

export type BoxScore = {
  /** Means over the classes that have a truth of 12 px or more; null where none has. */
  readonly ap50: number | null;
  /** Over overlaps 0.5 to 0.95. */
  readonly ap: number | null;
  readonly leastPixels: number;
  readonly byClass: readonly ClassAp[];
  readonly bySize: readonly SizeAp[];
  readonly byLight: readonly GroupAp[];
  readonly byWeather: readonly GroupAp[];
  /** Classes of the truth that the model has no word for: left out above. */
  readonly notInModel: readonly string[];
};

/** Boxes in pixels of the model's input; `image` names a picture in both lists. */
export type Boxes = {
  readonly truths: readonly TruthBox[];
  readonly found: readonly FoundBox[];
  /** Light and weather of a picture. */
  readonly skyOf: (image: string) => { readonly light: string; readonly weather: string };
};

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function sum(rows: readonly { readonly truths: number }[]): number {
  return rows.reduce((total, row) => total + row.truths, 0);
}

function ap50In(table: ReturnType<typeof createApTable>, area: Range) {
  return table.labels.flatMap((label) => {
    const score = table.score(label, [0.5], area);
    return score ? [{ label, truths: score.truths, ap50: score.ap }] : [];
  });
}

function groupsOf(boxes: Boxes, key: 'light' | 'weather'): GroupAp[] {
  const nameOf = ({ image }: { readonly image: string | number }) => boxes.skyOf(String(image))[key];
  return [...new Set(boxes.truths.map(nameOf))].sort().map((name) => {
    const own = (box: TruthBox | FoundBox) => nameOf(box) === name;
    const rows = ap50In(createApTable(boxes.truths.filter(own), boxes.found.filter(own)), headline);
    return { name, truths: sum(rows), ap50: mean(rows.map((row) => row.ap50)) };
  });
}

/** Scores boxes of the classes in `known`, the model's own. */
export function scoreBoxes(all: Boxes, known: ReadonlySet<string>): BoxScore {
  const isKnown = ({ label }: { readonly label: string | number }) => known.has(String(label));
  const boxes: Boxes = { ...all, truths: all.truths.filter(isKnown), found: all.found.filter(isKnown) };
  const table = createApTable(boxes.truths, boxes.found);
  const byClass = ap50In(table, headline)
    .map((row): ClassAp => ({ ...row, ap: table.score(row.label, cocoOverlaps, headline)?.ap ?? 0 }))
    .sort((a, b) => b.truths - a.truths || a.label.localeCompare(b.label));
  const bySize = sizeBins.map(({ name, area }): SizeAp => {
    const rows = ap50In(table, area);
    return { name, truths: sum(rows), ap50: mean(rows.map((row) => row.ap50)), byClass: rows };
  });
  return {
    ap50: mean(byClass.map((row) => row.ap50)),
    ap: mean(byClass.map((row) => row.ap)),
    leastPixels: MIN_PIXELS,
    byClass,
    bySize,
    byLight: groupsOf(boxes, 'light'),
    byWeather: groupsOf(boxes, 'weather'),
    notInModel: [...new Set(all.truths.filter((box) => !isKnown(box)).map(({ label }) => String(label)))].sort(),
  };
}
