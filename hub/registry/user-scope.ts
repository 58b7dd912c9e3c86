/** What an administrator may confine a user to: places that are there, and never an administrator. */
import type { UserBody } from '../../contracts/api/registry.ts';
import type { UserScope } from '../../contracts/api/scope.ts';
import { AppError, type Fault } from '../../platform/app-error.ts';
import { findSite } from '../storage/sites.ts';
import type { Trx } from '../storage/store.ts';
import { findUnit } from '../storage/units.ts';

async function faultsOf(trx: Trx, role: UserBody['role'], scope: UserScope): Promise<Fault[]> {
  if (role === 'admin')
    return [
      {
        path: 'scope',
        message: 'an administrator is not confined: choose another role, or take the scope away',
        messageZh: '管理员不能限定范围：请改选其他角色，或取消限定范围',
      },
    ];
  if (role === 'unit')
    return [
      {
        path: 'scope',
        message: 'a user of a unit is confined by the unit: take the scope away',
        messageZh: '处置单位用户以所属单位为范围：请取消限定范围',
      },
    ];
  const faults: Fault[] = [];
  for (const id of scope.sites ?? [])
    if ((await findSite(trx, id)) === null)
      faults.push({ path: 'scope.sites', message: `no site ${id} is registered`, messageZh: `没有登记工地 ${id}` });
  for (const id of scope.units ?? [])
    if ((await findUnit(trx, id)) === null)
      faults.push({ path: 'scope.units', message: `no unit ${id} is registered`, messageZh: `没有登记处置单位 ${id}` });
  return faults;
}

/** @throws API_VALIDATION with each fault */
export async function checkScope(trx: Trx, { role, scope }: Pick<UserBody, 'role' | 'scope'>): Promise<void> {
  if (scope === undefined) return;
  const faults = await faultsOf(trx, role, scope);
  if (faults.length > 0) throw new AppError('API_VALIDATION', 'scope', { faults });
}
