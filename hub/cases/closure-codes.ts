/** Lists of closure codes, and what a close says by one. */
import type { CaseCommand } from '../../contracts/api/case.ts';
import {
  type ClosureCode,
  type ClosureList,
  type ClosureListBody,
  shippedClosureCodes,
} from '../../contracts/api/closure.ts';
import { AppError } from '../../platform/app-error.ts';
import { timestamp } from '../../platform/clock.ts';
import { addClosureList, closureLists } from '../storage/closure-lists.ts';
import type { Db, Store } from '../storage/store.ts';

const FIRST = 1;

/** Every version, the newest first; the one that ships is the oldest. */
export async function listClosureCodes(db: Db): Promise<ClosureList[]> {
  const made = (await closureLists(db)).map(({ version, body, since, by }) => ({
    ...{ version, since, by, codes: JSON.parse(body) as ClosureCode[] },
  }));
  return [{ version: FIRST, codes: [...shippedClosureCodes], since: null, by: null }, ...made].reverse();
}

/** Adds the next version; what was closed under an earlier one keeps it. @throws API_VALIDATION for a code given twice */
export async function addClosureCodes(
  store: Store,
  { codes }: ClosureListBody,
  by: string,
  now: number,
): Promise<void> {
  const names = codes.map(({ code }) => code);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    const faults = [{ path: 'codes', message: `${twice} stands here twice`, messageZh: `${twice} 重复` }];
    throw new AppError('API_VALIDATION', `closure code ${twice}`, { faults });
  }
  await store.exclusive(async (trx) => {
    const version = ((await listClosureCodes(trx))[0]?.version ?? FIRST) + 1;
    await addClosureList(trx, { version, body: JSON.stringify(codes), since: timestamp(now), by });
  });
}

/**
 * Checks the code of a close against the list that holds now; other commands have none.
 * @returns what the trail shall say of it
 * @throws API_VALIDATION for a code that the list does not have, or of another outcome
 */
export async function checkClosure(db: Db, command: CaseCommand): Promise<Readonly<Record<string, unknown>>> {
  if (command.command !== 'close' || command.closure === undefined) return {};
  const [list] = await listClosureCodes(db);
  const known = list?.codes.find(({ code }) => code === command.closure);
  const fault =
    known === undefined
      ? { message: `the list has no code ${command.closure}`, messageZh: `结案代码表中没有 ${command.closure}` }
      : known.outcome !== command.outcome
        ? { message: `${known.code} is ${known.outcome}`, messageZh: '结案代码与处理方式不符' }
        : null;
  if (fault) throw new AppError('API_VALIDATION', fault.message, { faults: [{ path: 'closure', ...fault }] });
  return { closureVersion: list?.version, closureTitle: known?.title };
}
