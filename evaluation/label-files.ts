/** Labels of still images: COCO's JSON, YOLO's text, and the lines of rendered frames; boxes become shares of the picture. */
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import type { BoxXywh } from '../contracts/geometry.ts';
import { AppError } from '../platform/app-error.ts';
import { faultsOf } from '../platform/validate.ts';

export type LabelledObject = {
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

function checked<T extends TSchema>(schema: T, value: unknown, where: string): Static<T> {
  const faults = faultsOf(schema, value);
  if (faults.length === 0) return value as Static<T>;
  throw new AppError('EVAL_TRUTH', `${where}: ${faults.length} fault${faults.length > 1 ? 's' : ''}`, { faults });
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('EVAL_TRUTH', `${where}: not JSON`, { cause });
  }
}

const Four = Type.Tuple([Type.Number(), Type.Number(), Type.Number(), Type.Number()]);
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

/** COCO instances. Throws EVAL_TRUTH with every fault. */
export function parseCoco(text: string, where: string): LabelledImage[] {
  const { images, annotations, categories } = checked(Coco, parseJson(text, where), where);
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

/** One YOLO text file: a class number and centre, width, height in shares a line. Throws EVAL_TRUTH. */
export function parseYolo(text: string, names: readonly string[], where: string): LabelledObject[] {
  return text.split('\n').flatMap((line, i): LabelledObject[] => {
    if (line.trim() === '') return [];
    const [label = -1, cx = Number.NaN, cy = Number.NaN, w = Number.NaN, h = Number.NaN] = line
      .trim()
      .split(/\s+/)
      .map(Number);
    const name = names[label];
    if (name === undefined || [cx, cy, w, h].some((value) => !Number.isFinite(value))) {
      throw new AppError('EVAL_TRUTH', `${where}:${i + 1}: expected a class of ${names.length} and four numbers`);
    }
    return [{ label: name, box: [cx - w / 2, cy - h / 2, w, h], visible: 1, crowd: false }];
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
  return text.split('\n').flatMap((line, i): LabelledImage[] => {
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
