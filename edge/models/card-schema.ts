/** The model card, `models/<name>/model.yaml`: what a model is, what it wants, what it gives, and what that means. */
import { type Static, Type } from '@sinclair/typebox';
import { Sha256 } from '../../contracts/ids.ts';
import { type Family, families } from '../detectors/families.ts';
import type { DetectorFamily } from '../detectors/family.ts';
import { Composite } from '../domain/composite.ts';
import { CardInput, ClassGroup, Label } from '../domain/model-card.ts';
import { ScoreCurves } from '../domain/score-curve.ts';

const closed = { additionalProperties: false } as const;

const FileName = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$' });

const score = Type.Number({
  minimum: 0,
  maximum: 1,
  description: 'Detections below it are dropped; of a label with a `calibration` it is a chance',
});
const byLabel = Type.Optional(
  Type.Record(Type.String({ minLength: 1, maxLength: 40 }), Type.Number({ minimum: 0, maximum: 1 }), {
    description: 'Scores for single labels in place of `score`: each label at its own best point',
  }),
);
const compete = Type.Optional(
  Type.Array(ClassGroup, {
    maxItems: 8,
    description: 'Concepts that compete with each other, e.g. truck and muck_truck',
  }),
);
const nmsIou = Type.Number({
  minimum: 0,
  maximum: 1,
  description: 'Of two boxes of one label that overlap more, the better stays',
});
const maxBoxes = Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 }));
const Suppressing = Type.Object({ score, byLabel, nmsIou, compete, maxBoxes }, closed);
/** These families give one box a thing by themselves. */
const NmsFree = Type.Object({ score, byLabel, nmsIou: Type.Optional(nmsIou), compete, maxBoxes }, closed);

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
  calibration: Type.Optional({
    ...ScoreCurves,
    description: 'What the graph’s scores are worth, by label, before any threshold: the chance that a box is right',
  }),
  composites: Type.Optional(Type.Array(Composite, { maxItems: 8 })),
  measured: Type.Optional(
    Type.Unknown({
      description: 'What was measured, on what, on how many cases; shown, and held against the int8 form’s',
    }),
  ),
  training: Type.Optional(Type.Unknown({ description: 'How it was trained; shown, not interpreted' })),
  notes: Type.Optional(Type.String({ maxLength: 4000 })),
};

/** A family whose outputs all have defaults may leave them out. */
function outputsOf({ outputs }: DetectorFamily) {
  const schema = Type.Object(outputs, closed);
  return schema.required ? schema : Type.Optional(schema);
}

function cardSchemaOf(family: DetectorFamily) {
  return Type.Object(
    {
      ...base,
      family: Type.Literal(family.name),
      outputs: outputsOf(family),
      thresholds: family.nmsFree ? NmsFree : Suppressing,
    },
    closed,
  );
}

/** One schema a family; pick by `family` first so that faults name the field. */
export const cardSchemas = Object.fromEntries(families.map((family) => [family.name, cardSchemaOf(family)])) as Record<
  Family,
  ReturnType<typeof cardSchemaOf>
>;

/** A card as it is written. */
export type ModelCard = Omit<Static<ReturnType<typeof cardSchemaOf>>, 'family'> & { family: Family };
