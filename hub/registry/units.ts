/** Handling units: who may be sent a case, and when they are on duty. */
import type { UnitBody } from '../../contracts/api/unit.ts';
import { gridFault } from '../../contracts/grid.ts';
import type { Author } from '../audit.ts';
import type { Store } from '../storage/store.ts';
import { allUnits, findUnit, writeUnit } from '../storage/units.ts';
import { type Registered, upsertRegistered } from './registered.ts';

const units: Registered<UnitBody> = {
  thing: 'unit',
  find: async (db, id) => (await findUnit(db, id)) ?? null,
  all: allUnits,
  write: writeUnit,
  faults({ area }) {
    const fault = gridFault(area);
    return fault ? [{ path: `area.${fault.level}`, message: fault.message }] : [];
  },
};

/** Adds or replaces a unit with its roster. @throws API_VALIDATION for an area whose levels do not hang together */
export function upsertUnit(store: Store, body: UnitBody, by?: Author): Promise<void> {
  return upsertRegistered(store, units, body, by);
}
