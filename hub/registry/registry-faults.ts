/** What a register cannot hold although each field is well formed. Pure. */
import type { PermitBody } from '../../contracts/api/registry.ts';
import type { Fault } from '../../platform/app-error.ts';
import { isRealDay } from '../../platform/real-day.ts';
import { plainPlate } from './haulage.ts';

/** A permit that holds on no day, or for a truck without a plate, would call lawful trucks unlawful. */
export function permitFaults({ plates, validFrom, validTo }: PermitBody): Fault[] {
  const dates = Object.entries({ validFrom, validTo }).filter(([, date]) => !isRealDay(date));
  const blank = plates.flatMap((plate, i) => (plainPlate(plate) === '' ? [`plates[${i}]`] : []));
  return [
    ...dates.map(([path, date]) => ({
      path,
      message: `${date} is no day of the calendar`,
      messageZh: `${date} 不是有效日期`,
    })),
    ...blank.map((path) => ({ path, message: 'no plate', messageZh: '缺少车牌' })),
    ...(dates.length === 0 && validTo < validFrom
      ? [{ path: 'validTo', message: 'lies before validFrom', messageZh: '截止日期早于起始日期：请对调或更正' }]
      : []),
  ];
}
