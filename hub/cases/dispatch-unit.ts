/** Where a case may be dispatched to: the registry's units, and who of them is on duty now. */
import type { CaseCommand } from '../../contracts/api/case.ts';
import type { DutyOffer, DutyState } from '../../contracts/api/unit.ts';
import { areaOfCamera } from '../../contracts/grid.ts';
import type { Calendar } from '../../contracts/schedule.ts';
import type { ViolationKind } from '../../contracts/violations/index.ts';
import { AppError } from '../../platform/app-error.ts';
import { timestamp } from '../../platform/clock.ts';
import { cameraById } from '../storage/cameras.ts';
import type { CaseRow } from '../storage/cases.ts';
import type { Db } from '../storage/store.ts';
import { allUnits, findUnit, hasUnits } from '../storage/units.ts';
import { type Duty, dispatchObjection, dutyAt, rankUnits } from './lifecycle/duty.ts';

const instant = (at: number | null) => (at === null ? null : timestamp(at));

function toDutyState({ onDuty, shift, contact, until, next }: Duty): DutyState {
  return { onDuty, shift, contact, until: instant(until), next: instant(next) };
}

/** What a unit's roster says at an instant, ms since the epoch. */
export function dutyOf(unit: Parameters<typeof dutyAt>[0], calendar: Calendar, now: number): DutyState {
  return toDutyState(dutyAt(unit, calendar, now));
}

/** Every unit that takes cases, who fits and is on duty first. */
export async function dutyOffers(db: Db, row: CaseRow, calendar: Calendar, now: number): Promise<DutyOffer[]> {
  const camera = await cameraById(db, row.camera);
  const wanted = { kind: row.kind as ViolationKind, area: areaOfCamera(camera ?? row) };
  return rankUnits(await allUnits(db), wanted, calendar, now).map(({ unit, duty, ...rank }) => ({
    ...{ unit: unit.id, name: unit.name, kind: unit.kind, duty: toDutyState(duty) },
    ...rank,
  }));
}

/**
 * Checks the target of a dispatch; other commands have none. While no unit is registered any name will do, as before
 * there were units.
 * @returns what the trail shall say of it
 * @throws API_VALIDATION for an unknown unit, API_TRANSITION for one that takes no cases, or not now
 */
export async function checkTarget(
  db: Db,
  command: CaseCommand,
  calendar: Calendar,
  now: number,
): Promise<Readonly<Record<string, unknown>>> {
  if (command.command !== 'dispatch' || !(await hasUnits(db))) return {};
  const unit = await findUnit(db, command.unit);
  const duty = unit && dutyAt(unit, calendar, now);
  const objection = dispatchObjection(unit, command.unit, command.override, duty);
  if (objection) {
    const { path, why } = objection;
    const faults = [{ path, message: why.en, messageZh: why.zh }];
    throw new AppError(unit === null ? 'API_VALIDATION' : 'API_TRANSITION', why.en, { faults });
  }
  return { unitName: unit?.name, shift: duty?.shift ?? null };
}
