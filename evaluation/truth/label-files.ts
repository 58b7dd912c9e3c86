/** Labels of images: COCO's JSON, YOLO's text, and the lines of rendered frames; boxes become shares of the picture. */
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import type { BoxXywh } from '../../contracts/geometry.ts';
import { AppError, type Fault } from '../../platform/app-error.ts';
import { faultsOf } from '../../platform/validate.ts';

type LabelledObject = {
  readonly label: string;
  readonly box: BoxXywh;
  /** Share that nothing hides; 1 where the labels do not say. */
  readonly visible: number;
  /** Stands for a crowd: may match many, counts for none. */
  readonly crowd: boolean;
  readonly load?: string;
  readonly cover?: string;
};
export type LabelledImage = {
  /** Path as the labels give it. */
  readonly file: string;
  readonly objects: readonly LabelledObject[];
  readonly light?: string;
  readonly weather?: string;
};

/** Faults that are listed of one file: who sees these knows what is wrong with the rest. */
const MAX_FAULTS = 20;

function refuse(where: string, faults: readonly Fault[]): never {
  const listed = faults.slice(0, MAX_FAULTS);
  throw new AppError('EVAL_TRUTH', `${where}: ${faults.length} fault${faults.length > 1 ? 's' : ''}`, {
    faults: listed,
  });
}

function checked<T extends TSchema>(schema: T, value: unknown, where: string): Static<T> {
  const faults = faultsOf(schema, value);
  return faults.length === 0 ? (value as Static<T>) : refuse(where, faults);
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    throw new AppError('EVAL_TRUTH', `${where}: not JSON`, { cause });
  }
}

const Size = Type.Number({ minimum: 0 });
const Four = Type.Tuple([Type.Number(), Type.Number(), Size, Size]);
/** What ends a line, wherever a file was written. */
const LINE_END = /\r\n|\n|\r/;
const Id = Type.Union([Type.Number(), Type.String()]);
const Coco = Type.Object({
  images: Type.Array(
    Type.Object({
      id: Id,
      file_name: Type.String({ minLength: 1 }),
      width: Type.Number({ exclusiveMinimum: 0 }),
      height: Type.Number({ exclusiveMinimum: 0 }),
    }),
  ),
  annotations: Type.Array(
    Type.Object({ image_id: Id, category_id: Id, bbox: Four, iscrowd: Type.Optional(Type.Number()) }),
  ),
  categories: Type.Array(Type.Object({ id: Id, name: Type.String({ minLength: 1 }) })),
});

/** An annotation that belongs to nothing would be lost without a word. */
function strayFaults({ images, annotations, categories }: Static<typeof Coco>): Fault[] {
  const imageIds = new Set(images.map(({ id }) => id));
  const categoryIds = new Set(categories.map(({ id }) => id));
  const firstOf = new Map(images.toReversed().map((image) => [image.id, image]));
  const twice = images.filter((image) => firstOf.get(image.id) !== image);
  return [
    ...twice.map(({ id, file_name }) => ({ path: 'images', message: `${file_name} has the id ${id} of another` })),
    ...annotations.flatMap(({ image_id, category_id }, i): Fault[] => [
      ...(imageIds.has(image_id) ? [] : [{ path: `annotations[${i}].image_id`, message: `no image is ${image_id}` }]),
      ...(categoryIds.has(category_id)
        ? []
        : [{ path: `annotations[${i}].category_id`, message: `no category is ${category_id}` }]),
    ]),
  ];
}

/** COCO instances. Throws EVAL_TRUTH with every fault. */
export function parseCoco(text: string, where: string): LabelledImage[] {
  const coco = checked(Coco, parseJson(text, where), where);
  const faults = strayFaults(coco);
  if (faults.length > 0) refuse(where, faults);
  const { images, annotations, categories } = coco;
  const names = new Map(categories.map(({ id, name }) => [id, name]));
  const byImage = new Map<string | number, typeof annotations>();
  for (const annotation of annotations) {
    byImage.set(annotation.image_id, [...(byImage.get(annotation.image_id) ?? []), annotation]);
  }
  return images.map(({ id, file_name: file, width, height }) => ({
    file,
    objects: (byImage.get(id) ?? []).map(({ category_id, bbox: [x, y, w, h], iscrowd }) => ({
      label: names.get(category_id) ?? String(category_id),
      box: [x / width, y / height, w / width, h / height] as const,
      visible: 1,
      crowd: iscrowd === 1,
    })),
  }));
}

/** Every category of COCO instances that `parseCoco` has accepted, found in a picture or not. */
export function parseCocoClasses(text: string, where: string): string[] {
  return checked(Coco, parseJson(text, where), where).categories.map(({ name }) => name);
}

/** Centre and size in shares of the picture; a thing may be cut off, and pixels are no shares. */
const FURTHEST = 2;

function yoloFault(columns: readonly number[], names: readonly string[]): string | null {
  if (columns.length !== 5 && columns.length !== 6) return `${columns.length} columns, not a class and four numbers`;
  const [label = -1, cx = 0, cy = 0, w = 0, h = 0] = columns;
  if (names[label] === undefined) return `expected a class of ${names.length}`;
  if (![cx, cy, w, h].every(Number.isFinite)) return 'expected four numbers after the class';
  if (w < 0 || h < 0) return 'width or height is negative';
  return Math.max(...[cx, cy, w, h].map(Math.abs)) > FURTHEST ? 'expected shares of the picture, and no pixels' : null;
}

/**
 * One YOLO text file: a class number and centre, width, height in shares a line; a sixth number, a score, is
 * ignored. Throws EVAL_TRUTH.
 */
export function parseYolo(text: string, names: readonly string[], where: string): LabelledObject[] {
  return text.split(LINE_END).flatMap((line, i): LabelledObject[] => {
    if (line.trim() === '') return [];
    const columns = line.trim().split(/\s+/).map(Number);
    const fault = yoloFault(columns, names);
    if (fault) throw new AppError('EVAL_TRUTH', `${where}:${i + 1}: ${fault}`);
    const [label = 0, cx = 0, cy = 0, w = 0, h = 0] = columns;
    return [{ label: names[label] ?? '', box: [cx - w / 2, cy - h / 2, w, h], visible: 1, crowd: false }];
  });
}

const RenderedFrame = Type.Object({
  seed: Type.Integer(),
  file: Type.Optional(Type.String({ pattern: '^[^/\\\\]+$' })),
  light: Type.Optional(Type.String()),
  weather: Type.Optional(Type.String()),
  objects: Type.Array(
    Type.Object({
      class: Type.String({ minLength: 1 }),
      box: Four,
      visible: Type.Number({ minimum: 0, maximum: 1 }),
      load: Type.Optional(Type.String()),
      cover: Type.Optional(Type.String()),
    }),
  ),
});

/** Rendered frames, one JSON object a line, `<seed>.jpg` unless it names another file. Throws EVAL_TRUTH. */
export function parseRendered(text: string, where: string): LabelledImage[] {
  return text.split(LINE_END).flatMap((line, i): LabelledImage[] => {
    if (line.trim() === '') return [];
    const at = `${where}:${i + 1}`;
    const { seed, file, objects, light, weather } = checked(RenderedFrame, parseJson(line, at), at);
    return [
      {
        file: file ?? `${seed}.jpg`,
        objects: objects.map(({ class: label, ...object }) => ({ label, crowd: false, ...object })),
        ...(light === undefined ? {} : { light }),
        ...(weather === undefined ? {} : { weather }),
      },
    ];
  });
}
