/** What a model card (`models/<name>/model.yaml`) says that every detector reads: the input, the labels, the thresholds. */
import { type Static, Type } from '@sinclair/typebox';
import { concepts } from './detection.ts';

const closed = { additionalProperties: false } as const;

/** Name of a tensor in the ONNX graph. */
export const TensorName = Type.String({ minLength: 1, maxLength: 200 });
const Channels = Type.Tuple([Type.Number(), Type.Number(), Type.Number()]);
const Spread = Type.Number({ exclusiveMinimum: 0 });

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

/** Concepts of which one thing may be taken for several, so that it must not be reported twice under two names. */
export const ClassGroup = Type.Object(
  {
    concepts: Type.Array(Type.Union(concepts.map((concept) => Type.Literal(concept))), { minItems: 2, maxItems: 8 }),
    iou: Type.Number({ minimum: 0, maximum: 1, description: 'Of two of them that overlap more, the better stays' }),
  },
  closed,
);
export type ClassGroup = Static<typeof ClassGroup>;

/** The card's thresholds, defaults filled in. */
export type Thresholds = {
  readonly score: number;
  /** By the name of a label. */
  readonly byLabel: Readonly<Record<string, number>>;
  /** Greatest overlap of two boxes of one label; null: the graph has suppressed already. */
  readonly nmsIou: number | null;
  /** The card's `compete`. */
  readonly classGroups: readonly ClassGroup[];
  readonly maxBoxes: number;
  /** A box is reported under each label that reaches its score: for scoring, and never in a card. */
  readonly everyLabel?: boolean;
};
