/** Whether a truck's plate stands on one of its site's haulage permits (运输路线牌). Pure. */
import type { HaulageCheck } from '../../contracts/api/case.ts';
import type { PermitBody } from '../../contracts/api/registry.ts';
import type { Calendar } from '../../contracts/schedule.ts';
import { dateText, inWindows, localDay } from '../../contracts/weekly-windows.ts';

/** Province, office letter, five signs or six (new energy), 挂 for a trailer: GA 36-2018. */
const PLATE = /^\p{Script=Han}[A-Z][A-Z0-9]{4,5}[A-Z0-9挂]$/u;

/** As it stands on a permit, whatever dots, blanks and small letters people write. */
export const plainPlate = (text: string): string => text.toUpperCase().replace(/[\s·•.・-]/g, '');

/** Whether it is a number plate once dots, blanks and small letters are put aside. */
export const isPlate = (text: string): boolean => PLATE.test(plainPlate(text));

/**
 * The best that the site's permits say of a plate at an instant (ms since the epoch). Null where the site has none at
 * all: nobody has entered them, and that says nothing of the truck.
 */
export function checkHaulage(
  permits: readonly PermitBody[],
  written: string,
  at: number,
  calendar: Calendar,
): HaulageCheck | null {
  if (permits.length === 0) return null;
  const plate = plainPlate(written);
  if (!PLATE.test(plate)) return { plate, state: 'unreadable', permit: null };
  const date = dateText(localDay(at, calendar));
  const own = permits
    .filter(({ plates }) => plates.some((text) => plainPlate(text) === plate))
    // Of several, the one that ran out last.
    .sort((a, b) => (a.validTo < b.validTo ? 1 : -1));
  const valid = own.filter(({ validFrom, validTo }) => validFrom <= date && date <= validTo);
  const open = valid.find(({ windows }) => inWindows(windows, calendar, at));
  const best = open ?? valid[0] ?? own[0];
  const state = open ? 'found' : valid.length > 0 ? 'off-hours' : own.length > 0 ? 'expired' : 'none';
  return { plate, state, permit: best?.id ?? null };
}
