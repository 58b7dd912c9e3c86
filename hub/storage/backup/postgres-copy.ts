/** Tables of PostgreSQL as text, out and in again by COPY: what any version of the server reads. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Advance, DatabasePart } from './part.ts';

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
const FOLDER = 'tables';

/** Kysely keeps the schema's version in one and a row to lock in the other: they are made with the schema. */
const OWN = `('kysely_migration', 'kysely_migration_lock')`;

async function tablesOf(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_class c where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace
     and c.relname not in ${OWN} order by 1`,
  );
  return rows.map(({ name }) => name);
}

/** Columns that hold what was written; those that the database works out are left to it. */
async function columnsOf(client: pg.Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped
     and attgenerated = '' order by attnum`,
    [quote(table)],
  );
  return rows.map(({ name }) => name);
}

/** Every table of the schema as it is in the client's transaction. @returns one file a table */
export async function dumpPostgres(client: pg.Client, folder: string, advance: Advance): Promise<DatabasePart[]> {
  await mkdir(join(folder, FOLDER), { mode: 0o700, recursive: true });
  const tables = await tablesOf(client);
  const parts: DatabasePart[] = [];
  for (const table of tables) {
    const path = `${FOLDER}/${table}.copy`;
    const columns = (await columnsOf(client, table)).map(quote).join(', ');
    // The first line says which columns follow: an older backup has them in another order.
    const out = createWriteStream(join(folder, path), { mode: 0o600 });
    out.write(`${columns}\n`);
    const stream = client.query(copyTo(`copy ${quote(table)} (${columns}) to stdout`));
    await pipeline(stream, out);
    parts.push({ path, table, rows: stream.rowCount ?? 0 });
    advance(parts.length, tables.length);
  }
  return parts;
}

/** Takes the first line off a file, and gives it. */
async function headOf(file: string): Promise<{ columns: string; start: number }> {
  let text = '';
  for await (const chunk of createReadStream(file, { encoding: 'utf8' })) {
    text += String(chunk);
    const end = text.indexOf('\n');
    if (end >= 0) return { columns: text.slice(0, end), start: Buffer.byteLength(text.slice(0, end + 1)) };
  }
  throw new Error(`${file} has no first line`);
}

/** Numbers that the database gives out go on behind the highest that is there. */
async function raiseSequences(client: pg.Client, table: string): Promise<void> {
  const { rows } = await client.query<{ name: string; sequence: string }>(
    `select a.attname as name, pg_get_serial_sequence($1, a.attname) as sequence from pg_attribute a
     where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped
     and pg_get_serial_sequence($1, a.attname) is not null`,
    [quote(table)],
  );
  for (const { name, sequence } of rows)
    await client.query(`select setval($1, coalesce(max(${quote(name)}), 0) + 1, false) from ${quote(table)}`, [
      sequence,
    ]);
}

/**
 * Fills the tables of a schema that was made a moment ago. What its migrations put in goes first; triggers stay quiet,
 * for what they would write is in the files too. @param folder where the parts lie
 */
export async function fillPostgres(
  client: pg.Client,
  folder: string,
  parts: readonly DatabasePart[],
  advance: Advance,
): Promise<void> {
  const tables = await tablesOf(client);
  const missing = parts.find(({ table }) => !tables.includes(table ?? ''));
  if (missing) throw new Error(`the schema of this program has no table ${missing.table}`);
  for (const table of tables) await client.query(`alter table ${quote(table)} disable trigger user`);
  if (tables.length > 0) await client.query(`truncate ${tables.map(quote).join(', ')}`);
  for (const [i, { path, table, rows }] of parts.entries()) {
    const file = join(folder, path);
    const { columns, start } = await headOf(file);
    const stream = client.query(copyFrom(`copy ${quote(table ?? '')} (${columns}) from stdin`));
    await pipeline(createReadStream(file, { start }), stream);
    if (stream.rowCount !== rows) throw new Error(`${path} gave ${stream.rowCount} rows, not ${rows}`);
    await raiseSequences(client, table ?? '');
    advance(i + 1, parts.length);
  }
  for (const table of tables) await client.query(`alter table ${quote(table)} enable trigger user`);
}

/** Drops every table and function of the schema; what belongs to extensions stays. */
export async function dropTables(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace`,
  );
  if (rows.length > 0) await client.query(`drop table ${rows.map(({ name }) => quote(name)).join(', ')} cascade`);
  const made = await client.query<{ name: string }>(
    `select p.oid::regprocedure::text as name from pg_proc p where p.pronamespace = current_schema()::regnamespace
     and not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e')`,
  );
  for (const { name } of made.rows) await client.query(`drop routine if exists ${name} cascade`);
}
