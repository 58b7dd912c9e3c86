/** What a user is confined to: districts, sites, handling units. Nobody else's things exist for such a user. */
import { type Static, Type } from '@sinclair/typebox';
import { UnitId } from './unit.ts';

/** A city (`350500`) covers its counties; every other code covers what begins with it. */
export const DistrictCode = Type.String({
  pattern: '^\\d{6}(\\d{3}(\\d{3}(\\d{2,4})?)?)?$',
  description: 'Code of the four-level grid: 6 digits a city or county, 9 a street, 12 a community, 14 to 16 a cell',
});

const places = {
  districts: Type.Optional(Type.Array(DistrictCode, { minItems: 1, maxItems: 100, uniqueItems: true })),
  sites: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { minItems: 1, maxItems: 200, uniqueItems: true }),
  ),
  units: Type.Optional(Type.Array(UnitId, { minItems: 1, maxItems: 100, uniqueItems: true })),
} as const;

/** A thing is within where any of the lists has it. */
export const UserScope = Type.Object(places, {
  additionalProperties: false,
  minProperties: 1,
  description: 'What the user is confined to, all lists together; left out: the whole city',
});
export type UserScope = Static<typeof UserScope>;
