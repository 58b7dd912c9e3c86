/** Composites: how a model without a class for it still sees a stall. From the model's card. */
import { type Static, Type } from '@sinclair/typebox';

const ConceptName = Type.String({ minLength: 1, maxLength: 40 });

/** At least `minProps` vendor props within one stall's reach, stationary for a time, with a person by part of the time. */
export const PropsComposite = Type.Object(
  {
    concept: Type.Literal('stall'),
    by: Type.Literal('props'),
    props: Type.Array(ConceptName, { minItems: 1 }),
    minProps: Type.Integer({ minimum: 1, default: 2 }),
    reach: Type.Number({
      minimum: 0.1,
      maximum: 5,
      default: 1.2,
      description: 'Greatest gap between props, in heights of the attending person or of the larger prop',
    }),
    stillSeconds: Type.Number({ minimum: 0, default: 20 }),
    attendedShare: Type.Number({
      minimum: 0,
      maximum: 1,
      default: 0.2,
      description: 'Share of the time in which a person must stand by',
    }),
    minScore: Type.Number({ minimum: 0, maximum: 1, default: 0.3 }),
  },
  { additionalProperties: false },
);
/** A standing van or truck with people beside it for most of a time. */
export const VehicleComposite = Type.Object(
  {
    concept: Type.Literal('stall'),
    by: Type.Literal('vendor-vehicle'),
    vehicles: Type.Array(ConceptName, { minItems: 1 }),
    minPersons: Type.Integer({ minimum: 1, default: 2 }),
    mostOfSeconds: Type.Number({ minimum: 1, default: 60 }),
    share: Type.Number({ minimum: 0, maximum: 1, default: 0.6 }),
    minScore: Type.Number({ minimum: 0, maximum: 1, default: 0.3 }),
  },
  { additionalProperties: false },
);
export const Composite = Type.Union([PropsComposite, VehicleComposite]);
export type Composite = Static<typeof Composite>;
