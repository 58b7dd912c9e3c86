/** What one camera's scores are worth and from where on they count, in place of what the model's card says for every camera. */
import { type Static, Type } from '@sinclair/typebox';
import { ScoreCurves } from './score-curve.ts';

const closed = { additionalProperties: false } as const;

export const CameraScores = Type.Object(
  {
    fittedTo: Type.Optional(
      Type.Object(
        {
          model: Type.String({ minLength: 1, maxLength: 80 }),
          version: Type.String({ minLength: 1, maxLength: 40 }),
        },
        {
          ...closed,
          description: 'Name (its 8-bit form counts as the same) and version: with any other the card holds',
        },
      ),
    ),
    thresholds: Type.Optional(
      Type.Record(Type.String({ minLength: 1, maxLength: 40 }), Type.Number({ minimum: 0, maximum: 1 }), {
        description: 'By label: a detection below it is dropped; a chance where the label has a calibration',
      }),
    ),
    calibration: Type.Optional({ ...ScoreCurves, description: 'By label, as a model card has it' }),
  },
  {
    ...closed,
    description: 'Thresholds and calibration of this camera, as `kerbwatch models adapt` proposes them',
  },
);
export type CameraScores = Static<typeof CameraScores>;

const INT8 = /-int8$/;

/** Were they fitted to this model? Without a name they hold for any. */
export function areFittedTo(
  { fittedTo }: CameraScores,
  model: { readonly name: string; readonly version: string },
): boolean {
  if (!fittedTo) return true;
  return fittedTo.model.replace(INT8, '') === model.name.replace(INT8, '') && fittedTo.version === model.version;
}
