/** Imports a file into a register: looked at first, then written in one transaction, all or nothing. */
import type { ImportQuery, ImportResult, SheetKind } from '../../../contracts/api/import.ts';
import { AppError } from '../../../platform/app-error.ts';
import { type AuditStep, type Author, appendAudit } from '../../audit.ts';
import { registeredNodes } from '../../storage/nodes.ts';
import { allSites } from '../../storage/sites.ts';
import type { Db, Store, Trx } from '../../storage/store.ts';
import { changedFields } from '../changed-fields.ts';
import { putRegistered } from '../registered.ts';
import { type ImportPlan, type Known, planImport } from './plan-import.ts';
import { readRows, type SheetRows } from './read-rows.ts';
import { type SheetTable, sheetTables } from './tables.ts';

const MAX_FAULTS = 1000;

async function knownNow(db: Db, { kind }: SheetTable): Promise<Known> {
  // One after the other: within a transaction there is one connection.
  const entries = await kind.all(db);
  const sites = await allSites(db);
  const nodes = await registeredNodes(db);
  return {
    entries: new Map(entries.map((entry) => [entry.id, entry])),
    sites: new Set(sites.map(({ id }) => id)),
    nodes: new Set(nodes.map(({ id }) => id)),
  };
}

function resultOf({ format, encoding }: SheetRows, plan: ImportPlan, applied: boolean): ImportResult {
  const { good, faults, rows } = plan;
  const created = good.filter(({ before }) => before === null).length;
  const changed = good.filter(({ before, body }) => before !== null && changedFields(before, body).length > 0).length;
  return {
    ...{ format, encoding, rows, created, changed, same: good.length - created - changed },
    faulty: new Set(faults.map(({ row }) => row)).size,
    faults: faults.slice(0, MAX_FAULTS),
    applied,
  };
}

async function write(trx: Trx, table: SheetTable, plan: ImportPlan, result: ImportResult, by: Author): Promise<void> {
  const steps: AuditStep[] = [];
  for (const { before, body } of plan.good) {
    const step = await putRegistered(trx, table.kind, before, body);
    if (step) steps.push(step);
  }
  const { format, rows, created, changed, faulty } = result;
  const whole: AuditStep = {
    ...{ action: 'import', thing: table.kind.thing, id: '*' },
    data: { format, rows, created, changed, leftOut: faulty },
  };
  await appendAudit(trx, by, [whole, ...steps]);
}

/**
 * @param bytes the file as it came
 * @throws API_SHEET for no such file or headings that do not fit, API_IMPORT where rows are faulty and not to be skipped
 */
export async function importSheet(
  store: Store,
  what: SheetKind,
  bytes: Buffer,
  { apply = false, skip = false }: ImportQuery,
  by: Author,
): Promise<ImportResult> {
  const table = sheetTables[what];
  const sheet = await readRows(bytes);
  if (!apply) return resultOf(sheet, planImport(table, sheet, await knownNow(store.db, table)), false);
  return store.transaction(async (trx) => {
    const plan = planImport(table, sheet, await knownNow(trx, table));
    if (plan.faults.length > 0 && !skip) {
      const faults = plan.faults.slice(0, MAX_FAULTS).map(({ row, column, message, messageZh }) => ({
        ...{ path: `row ${row}, ${column}`, message, messageZh: `第 ${row} 行 ${column}：${messageZh}` },
      }));
      throw new AppError('API_IMPORT', `${new Set(plan.faults.map(({ row }) => row)).size} faulty rows`, { faults });
    }
    const result = resultOf(sheet, plan, true);
    await write(trx, table, plan, result, by);
    return result;
  });
}
