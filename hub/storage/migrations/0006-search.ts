/** Cases carry the text by which they are searched, the plate that a person typed and the unit they were sent to. */
import { type Kysely, type Migration, sql } from 'kysely';
import { searchText } from '../search-text.ts';

const BATCH = 500;

type Old = {
  readonly id: string;
  readonly number: string;
  readonly kind: string;
  readonly camera: string;
  readonly zone: string;
  readonly site: string | null;
  readonly detail: string;
};

/** What each case's last such step holds in a field, by case; empty texts left out. */
async function lastValues(
  db: Kysely<unknown>,
  ids: readonly string[],
  action: string,
  field: string,
): Promise<Map<string, string>> {
  const { rows } = await sql<{ case_id: string; data: string }>`
    select case_id, data from case_history
    where action = ${action} and case_id in (${sql.join(ids)}) order by case_id, n`.execute(db);
  const found = new Map<string, string>();
  for (const { case_id, data } of rows) {
    const value = (JSON.parse(data) as Record<string, unknown>)[field];
    if (typeof value === 'string' && value !== '') found.set(case_id, value);
    else found.delete(case_id);
  }
  return found;
}

async function fill(db: Kysely<unknown>): Promise<void> {
  for (let after = ''; ; ) {
    const { rows } = await sql<Old>`
      select id, number, kind, camera, zone, site, detail from cases
      where id > ${after} order by id limit ${BATCH}`.execute(db);
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
    const ids = rows.map(({ id }) => id);
    const plates = await lastValues(db, ids, 'confirm', 'plate');
    const units = await lastValues(db, ids, 'dispatch', 'unit');
    const values = rows.map((row) => {
      const plate = plates.get(row.id) ?? null;
      const text = (value: string | null) => sql`cast(${value} as text)`;
      return sql`(${text(row.id)}, ${text(searchText({ ...row, plate }))}, ${text(plate)}, ${text(units.get(row.id) ?? null)})`;
    });
    await sql`
      with filled (id, search, plate, unit) as (values ${sql.join(values)})
      update cases set search = filled.search, plate = filled.plate, unit = filled.unit
      from filled where cases.id = filled.id`.execute(db);
  }
}

/** Adds `search`, `plate` and `unit` to `cases`, and fills them. */
export function searchMigration(_dialect: 'sqlite' | 'postgres'): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await sql`alter table cases add column search text not null default ''`.execute(db);
      await sql`alter table cases add column plate text`.execute(db);
      await sql`alter table cases add column unit text`.execute(db);
      await fill(db);
    },
  };
}
