/** The filing tables as they are here: what ships, with what the office edited over it. */
import type { MatterBody, MatterView } from '../../contracts/api/matter.ts';
import { matterSchemes, shippedMatters } from '../../contracts/matters.ts';
import type { Bilingual } from '../../contracts/text.ts';
import { timestamp } from '../../platform/clock.ts';
import { type Author, appendAudit } from '../audit.ts';
import { changedFields } from '../registry/changed-fields.ts';
import { editedMatters, writeMatter } from '../storage/matters.ts';
import type { Db, Store } from '../storage/store.ts';
import { type LimitTable, limitTable } from './lifecycle/limits.ts';

const keyOf = ({ scheme, code }: Pick<MatterBody, 'scheme' | 'code'>) => `${scheme} ${code}`;
const own: Bilingual = { zh: '本单位录入', en: 'Entered by the office' };

/** Every matter of every table. @param scheme the table whose limits count */
export async function listMatters(db: Db, scheme: string): Promise<MatterView[]> {
  const edited = new Map((await editedMatters(db)).map((row) => [keyOf(row), row]));
  const shipped = shippedMatters().map((body) => ({ body, source: matterSchemes[body.scheme] ?? own }));
  const known = new Set(shipped.map(({ body }) => keyOf(body)));
  const added = [...edited.values()]
    .filter((row) => !known.has(keyOf(row)))
    .map((row) => ({ body: JSON.parse(row.body) as MatterBody, source: own }));
  return [...shipped, ...added].map(({ body, source }) => {
    const edit = edited.get(keyOf(body));
    const matter = edit ? (JSON.parse(edit.body) as MatterBody) : body;
    const by = { editedAt: edit?.edited_at ?? null, editedBy: edit?.edited_by ?? null };
    return { ...matter, source: edit ? own : source, counts: matter.scheme === scheme, ...by };
  });
}

/** Edits or adds one; cases that are under way keep the limit that they have. */
export async function editMatter(store: Store, matter: MatterBody, by: Author): Promise<void> {
  const { scheme, code } = matter;
  await store.transaction(async (trx) => {
    const before = (await listMatters(trx, scheme)).find((one) => keyOf(one) === keyOf(matter));
    const changes = changedFields(before ? bodyOf(before) : null, matter);
    if (before && changes.length === 0) return;
    const row = { scheme, code, body: JSON.stringify(matter), edited_at: timestamp(by.now), edited_by: by.actor };
    await writeMatter(trx, row);
    const action = before ? 'change' : 'create';
    await appendAudit(trx, by, [{ action, thing: 'matter', id: keyOf(matter), data: { changes } }]);
  });
}

const bodyOf = ({ scheme, code, title, kind, reasons, limit }: MatterBody): MatterBody => ({
  ...{ scheme, code, title, kind, reasons, limit },
});

/** Limits as they count now, for a decision. */
export async function readLimits(db: Db, scheme: string): Promise<LimitTable> {
  return limitTable(await listMatters(db, scheme), scheme);
}
