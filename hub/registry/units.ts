/** Handling units: who may be sent a case, and when they are on duty. */
import type { UnitBody } from '../../contracts/api/unit.ts';
import { gridFault } from '../../contracts/grid.ts';
import { AppError } from '../../platform/app-error.ts';
import type { Store } from '../storage/store.ts';
import { writeUnit } from '../storage/units.ts';

/** Adds or replaces a unit with its roster. @throws API_VALIDATION for an area whose levels do not hang together */
export async function upsertUnit(store: Store, body: UnitBody): Promise<void> {
  const fault = gridFault(body.area);
  if (fault) {
    const faults = [{ path: `area.${fault.level}`, message: fault.message }];
    throw new AppError('API_VALIDATION', `area.${fault.level} ${fault.message}`, { faults });
  }
  await writeUnit(store.db, body);
}
