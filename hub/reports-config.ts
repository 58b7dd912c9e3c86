/** Configuration of the monthly bulletin. */
import { Type } from '@sinclair/typebox';
import { type ReworkDenominator, reworkDenominators } from '../contracts/api/report.ts';
import { StreetNames } from '../contracts/grid.ts';

const closed = { additionalProperties: false } as const;

export const ReportsConfig = Type.Object(
  {
    reworkOf: Type.Optional(
      Type.Unsafe<ReworkDenominator>(
        Type.Union(
          reworkDenominators.map((one) => Type.Literal(one)),
          { default: 'handled', description: 'What the rework rate is a share of' },
        ),
      ),
    ),
    deferredLeave: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Cases with an extension leave the denominators of handling and closing',
      }),
    ),
    assessment: Type.Optional(
      Type.Union([Type.Literal('full'), Type.Literal('quanzhou-2021')], {
        default: 'full',
        description: 'Columns of the assessment by district; quanzhou-2021: those of that bulletin, in its order',
      }),
    ),
    streets: Type.Optional(StreetNames),
  },
  { ...closed, description: 'The monthly bulletin' },
);
