/** Carriers of muck (渣土运输企业): who drives under the haulage permits. */
import { type Static, Type } from '@sinclair/typebox';
import { words } from '../text.ts';

/** Set by people alone: 约谈, 信用. */
export const carrierStandings = ['normal', 'warned', 'restricted'] as const;

export const CarrierBody = Type.Object(
  {
    id: words(64),
    name: words(120, 'Name of the firm, as it stands on its haulage permits'),
    approvalNumber: Type.Optional(
      Type.String({ maxLength: 64, description: 'Number of the approval to carry construction waste' }),
    ),
    contact: Type.Optional(
      Type.Object(
        { name: Type.String({ maxLength: 60 }), phone: Type.Optional(Type.String({ maxLength: 40 })) },
        { additionalProperties: false },
      ),
    ),
    vehicles: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000, description: 'Trucks that it has' })),
    standing: Type.Optional(
      Type.Unsafe<(typeof carrierStandings)[number]>(
        Type.Union(
          carrierStandings.map((one) => Type.Literal(one)),
          { default: 'normal', description: 'Set by a named officer, never by the hub' },
        ),
      ),
    ),
    note: Type.Optional(Type.String({ maxLength: 500 })),
  },
  { additionalProperties: false },
);
export type CarrierBody = Static<typeof CarrierBody>;
