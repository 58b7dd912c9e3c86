/** The model card, `models/<name>/model.yaml`: what a model is, what it wants, what it gives, and what that means. */
import { type Static, Type } from '@sinclair/typebox';
import { Sha256 } from '../../contracts/ids.ts';
import { Composite } from './composite.ts';
import { concepts } from './detection.ts';

const closed = { additionalProperties: false } as const;

const FileName = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$' });
const TensorName = Type.String({ minLength: 1, maxLength: 200 });
const Channels = Type.Tuple([Type.Number(), Type.Number(), Type.Number()]);
const Spread = Type.Number({ exclusiveMinimum: 0 });
const Strides = Type.Array(Type.Integer({ minimum: 1, maximum: 256 }), { minItems: 1, maxItems: 8 });

export const CardInput = Type.Object(
  {
    name: TensorName,
    width: Type.Integer({ minimum: 16, maximum: 4096 }),
    height: Type.Integer({ minimum: 16, maximum: 4096 }),
    layout: Type.Union([Type.Literal('nhwc'), Type.Literal('nchw')]),
    type: Type.Union([Type.Literal('uint8'), Type.Literal('float32')]),
    channels: Type.Union([Type.Literal('rgb'), Type.Literal('bgr')], { description: 'Order of the model’s channels' }),
    resize: Type.Union([Type.Literal('letterbox'), Type.Literal('stretch')]),
    align: Type.Optional(
      Type.Union([Type.Literal('top-left'), Type.Literal('center')], {
        default: 'center',
        description: 'Where a letterboxed picture lies',
      }),
    ),
    pad: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 255, default: 114, description: 'Grey level of the letterbox’s border' }),
    ),
    mean: Type.Optional({
      ...Channels,
      default: [0, 0, 0],
      description: 'Subtracted, in 0..255, in the order of `channels`',
    }),
    std: Type.Optional({
      ...Type.Tuple([Spread, Spread, Spread]),
      default: [1, 1, 1],
      description: 'Divided by after that',
    }),
  },
  closed,
);
export type CardInput = Static<typeof CardInput>;

export const Label = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 40 }),
    concept: Type.Union(concepts.map((concept) => Type.Literal(concept))),
    load: Type.Optional(Type.Union([Type.Literal('loaded'), Type.Literal('empty'), Type.Literal('unknown')])),
    cover: Type.Optional(
      Type.Union([Type.Literal('covered'), Type.Literal('partly'), Type.Literal('uncovered'), Type.Literal('unknown')]),
    ),
  },
  closed,
);
export type Label = Static<typeof Label>;

/** What each family’s graph gives; names are those of the ONNX outputs. */
const outputs = {
  yolox: Type.Object({ grid: TensorName, strides: Type.Optional({ ...Strides, default: [8, 16, 32] }) }, closed),
  nanodet: Type.Object(
    {
      scores: Type.Array(TensorName, { minItems: 1, maxItems: 8, description: 'One a stride, sigmoid applied' }),
      distances: Type.Array(TensorName, { minItems: 1, maxItems: 8, description: 'One a stride, 4 × bins logits' }),
      strides: Strides,
      bins: Type.Optional(Type.Integer({ minimum: 2, maximum: 64, default: 8 })),
    },
    closed,
  ),
  'nanodet-plus': Type.Object(
    {
      grid: {
        ...TensorName,
        description: 'All strides one after another: scores with the sigmoid applied, 4 × bins logits',
      },
      strides: Type.Optional({ ...Strides, default: [8, 16, 32, 64] }),
      bins: Type.Optional(Type.Integer({ minimum: 2, maximum: 64, default: 8 })),
    },
    closed,
  ),
  yolov8: Type.Object({ grid: TensorName }, closed),
  end2end: Type.Object(
    {
      rows: TensorName,
      boxes: Type.Optional(Type.Union([Type.Literal('pixels'), Type.Literal('shares')], { default: 'pixels' })),
    },
    closed,
  ),
  detr: Type.Object(
    {
      boxes: TensorName,
      logits: TensorName,
      activation: Type.Optional(
        Type.Union([Type.Literal('sigmoid'), Type.Literal('softmax')], {
          default: 'sigmoid',
          description: 'softmax: one more logit, the last, means nothing is there',
        }),
      ),
    },
    closed,
  ),
  kerb: Type.Object(
    {
      boxes: Type.Optional({ ...TensorName, default: 'boxes' }),
      scores: Type.Optional({ ...TensorName, default: 'scores' }),
    },
    closed,
  ),
} as const;

const score = Type.Number({ minimum: 0, maximum: 1, description: 'Detections below it are dropped' });
const byLabel = Type.Optional(
  Type.Record(Type.String({ minLength: 1, maxLength: 40 }), Type.Number({ minimum: 0, maximum: 1 }), {
    description: 'Scores for single labels in place of `score`: each label at its own best point',
  }),
);
/** Things that are taken for each other: one thing must not be told twice under two names. */
export const Rivalry = Type.Object(
  {
    concepts: Type.Array(Type.Union(concepts.map((concept) => Type.Literal(concept))), { minItems: 2, maxItems: 8 }),
    iou: Type.Number({ minimum: 0, maximum: 1, description: 'Of two of them that overlap more, the better stays' }),
  },
  closed,
);
export type Rivalry = Static<typeof Rivalry>;
const compete = Type.Optional(
  Type.Array(Rivalry, { maxItems: 8, description: 'Concepts that compete with each other, e.g. truck and muck_truck' }),
);
const nmsIou = Type.Number({
  minimum: 0,
  maximum: 1,
  description: 'Of two boxes of one label that overlap more, the better stays',
});
const maxBoxes = Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 }));
const Suppressing = Type.Object({ score, byLabel, nmsIou, compete, maxBoxes }, closed);
/** These families give one box a thing by themselves. */
const Final = Type.Object({ score, byLabel, nmsIou: Type.Optional(nmsIou), compete, maxBoxes }, closed);

const base = {
  name: Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{0,79}$', description: 'The same as the folder’s name' }),
  version: Type.String({ minLength: 1, maxLength: 40 }),
  file: { ...FileName, description: 'ONNX file in the same folder' },
  sha256: Type.Optional({
    ...Sha256,
    description: 'Of the file. A card without it has its hash given at `models pull --sha256`, kept beside the weights',
  }),
  url: Type.Optional(
    Type.String({
      pattern: '^https://',
      maxLength: 500,
      description: 'Where `models pull` without --from fetches the file',
    }),
  ),
  licence: Type.String({ minLength: 1, maxLength: 80, description: 'SPDX identifier of the weights' }),
  source: Type.String({ minLength: 1, maxLength: 500, description: 'Where the weights are from' }),
  input: CardInput,
  labels: Type.Union([
    Type.Literal('coco80'),
    Type.Literal('coco91'),
    Type.Array(Label, { minItems: 1, maxItems: 1000 }),
  ]),
  composites: Type.Optional(Type.Array(Composite, { maxItems: 8 })),
  measured: Type.Optional(
    Type.Unknown({
      description: 'What was measured, on what, on how many cases; shown, and held against the int8 form’s',
    }),
  ),
  training: Type.Optional(Type.Unknown({ description: 'How it was trained; shown, not interpreted' })),
  notes: Type.Optional(Type.String({ maxLength: 4000 })),
};

/** One schema a family; pick by `family` first so that faults name the field. */
export const cardSchemas = {
  kerb: Type.Object(
    { ...base, family: Type.Literal('kerb'), outputs: Type.Optional(outputs.kerb), thresholds: Suppressing },
    closed,
  ),
  yolox: Type.Object(
    { ...base, family: Type.Literal('yolox'), outputs: outputs.yolox, thresholds: Suppressing },
    closed,
  ),
  nanodet: Type.Object(
    { ...base, family: Type.Literal('nanodet'), outputs: outputs.nanodet, thresholds: Suppressing },
    closed,
  ),
  'nanodet-plus': Type.Object(
    { ...base, family: Type.Literal('nanodet-plus'), outputs: outputs['nanodet-plus'], thresholds: Suppressing },
    closed,
  ),
  yolov8: Type.Object(
    { ...base, family: Type.Literal('yolov8'), outputs: outputs.yolov8, thresholds: Suppressing },
    closed,
  ),
  end2end: Type.Object(
    { ...base, family: Type.Literal('end2end'), outputs: outputs.end2end, thresholds: Final },
    closed,
  ),
  detr: Type.Object({ ...base, family: Type.Literal('detr'), outputs: outputs.detr, thresholds: Final }, closed),
} as const;
export type Family = keyof typeof cardSchemas;
export const families = Object.keys(cardSchemas) as Family[];

/** A card as it is written. */
export type ModelCard = Static<(typeof cardSchemas)[Family]>;

/** A tensor's shape as the graph declares it; a name stands for a size that is open. */
export type TensorShape = {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
};

/** What a family gives, defaults filled in. */
export type FamilyOutputs = {
  readonly [F in Family]: { readonly family: F } & {
    readonly [K in keyof Static<(typeof outputs)[F]>]-?: Exclude<Static<(typeof outputs)[F]>[K], undefined>;
  };
}[Family];
export type OutputsOf<F extends Family> = Extract<FamilyOutputs, { family: F }>;

/** A card that was checked: nothing is optional, labels are written out. */
export type ModelSpec = {
  readonly name: string;
  readonly version: string;
  readonly file: string;
  /** The card's, or the one that was given when the weights were fetched. */
  readonly sha256: string;
  readonly licence: string;
  readonly input: Required<CardInput>;
  readonly outputs: FamilyOutputs;
  readonly thresholds: {
    readonly score: number;
    /** By the name of a label. */
    readonly byLabel: Readonly<Record<string, number>>;
    readonly nmsIou: number | null;
    readonly compete: readonly Rivalry[];
    readonly maxBoxes: number;
    /** A box is told under each label that reaches its score: for scoring, and never in a card. */
    readonly everyLabel?: boolean;
  };
  readonly labels: readonly Label[];
  readonly composites: readonly Composite[];
};
