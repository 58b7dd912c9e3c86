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
import { type Author, appendAudit } from '../audit.ts';
import { changedFields } from '../registry/changed-fields.ts';
import { addClosureList, closureLists } from '../storage/closure-lists.ts';
import type { Db, Store } from '../storage/store.ts';

const FIRST = 1;

/** For the audit log: a field a code, so that a code that came, went or changed shows. */
const byCode = (codes: readonly ClosureCode[]) =>
  Object.fromEntries(codes.map(({ code, title, outcome }) => [code, `${title.zh} / ${title.en} / ${outcome}`]));

/** Every version, the newest first; the one that ships is the oldest. */
export async function listClosureCodes(db: Db): Promise<ClosureList[]> {
  const made = (await closureLists(db)).map(({ version, body, since, by }) => ({
    ...{ version, since, by, codes: JSON.parse(body) as ClosureCode[] },
  }));
  return [{ version: FIRST, codes: [...shippedClosureCodes], since: null, by: null }, ...made].reverse();
}

/**
 * Adds the next version; what was closed under an earlier one keeps it.
 * @param ifVersion the version that the list was edited from; left out: whichever is the newest
 * @throws API_VALIDATION for a code given twice, API_VERSION where somebody has added another version since
 */
export async function addClosureCodes(
  store: Store,
  { codes }: ClosureListBody,
  by: Author,
  ifVersion?: number,
): Promise<void> {
  const names = codes.map(({ code }) => code);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    const faults = [{ path: 'codes', message: `${twice} stands here twice`, messageZh: `${twice} 重复` }];
    throw new AppError('API_VALIDATION', `closure code ${twice}`, { faults });
  }
  await store.exclusive(async (trx) => {
    const [newest] = await listClosureCodes(trx);
    const before = newest?.version ?? FIRST;
    if (ifVersion !== undefined && ifVersion !== before)
      throw new AppError('API_VERSION', `the closure codes are at version ${before}, not ${ifVersion}`);
    const version = before + 1;
    await addClosureList(trx, { version, body: JSON.stringify(codes), since: timestamp(by.now), by: by.actor });
    const changes = changedFields(byCode(newest?.codes ?? []), byCode(codes));
    await appendAudit(trx, by, [{ action: 'change', thing: 'closure-codes', id: String(version), data: { changes } }]);
  });
}

const missing = {
  message: 'this office closes no case without a closure code: name one of the list',
  messageZh: '本单位要求结案时填写结案代码',
};

function closureFault(closure: string | undefined, outcome: string, known: ClosureCode | undefined) {
  if (closure === undefined) return missing;
  if (known === undefined)
    return { message: `the list has no code ${closure}`, messageZh: `结案代码表中没有 ${closure}` };
  if (known.outcome === outcome) return null;
  return { message: `${known.code} is ${known.outcome}`, messageZh: '结案代码与处理方式不符' };
}

/**
 * Checks the code of a close against the list that holds now; other commands have none.
 * @returns what the trail shall say of it
 * @throws API_VALIDATION for a code that the list does not have, or of another outcome, or none where one is required
 */
export async function checkClosure(
  db: Db,
  command: CaseCommand,
  rule: 'optional' | 'required',
): Promise<Readonly<Record<string, unknown>>> {
  if (command.command !== 'close' || (command.closure === undefined && rule === 'optional')) return {};
  const [list] = await listClosureCodes(db);
  const known = list?.codes.find(({ code }) => code === command.closure);
  const fault = closureFault(command.closure, command.outcome, known);
  if (fault) throw new AppError('API_VALIDATION', fault.message, { faults: [{ path: 'closure', ...fault }] });
  return { closureVersion: list?.version, closureTitle: known?.title };
}
