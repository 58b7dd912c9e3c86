/** Lists that stay quick however many cases there are: counts kept by triggers, an index for each filter, words to search by. */
import { type Kysely, type Migration, sql } from 'kysely';

type Dialect = 'sqlite' | 'postgres';

/** What cases are counted by; null is counted as an empty text. */
const KEYS = ['kind', 'camera', 'site', 'unit', 'source', 'district', 'state'] as const;

const run = (db: Kysely<unknown>, text: string) => sql.raw(text).execute(db);
const valuesOf = (row: 'old' | 'new') => KEYS.map((key) => `coalesce(${row}.${key}, '')`).join(', ');
const changed = (distinct: string) => KEYS.map((key) => `old.${key} ${distinct} new.${key}`).join(' or ');
const one = (row: 'old' | 'new', step: number) =>
  `insert into case_counts (${KEYS.join(', ')}, cases) values (${valuesOf(row)}, ${step})
   on conflict (${KEYS.join(', ')}) do update set cases = case_counts.cases + excluded.cases;`;

async function createCounts(db: Kysely<unknown>): Promise<void> {
  const columns = KEYS.map((key) => `${key} text not null`).join(', ');
  await run(db, `create table case_counts (${columns}, cases bigint not null, primary key (${KEYS.join(', ')}))`);
  const of = KEYS.map((key) => `coalesce(${key}, '')`).join(', ');
  await run(db, `insert into case_counts (${KEYS.join(', ')}, cases) select ${of}, count(*) from cases group by ${of}`);
}

async function countOnSqlite(db: Kysely<unknown>): Promise<void> {
  await run(db, `create trigger case_counts_add after insert on cases begin ${one('new', 1)} end`);
  await run(
    db,
    `create trigger case_counts_move after update of ${KEYS.join(', ')} on cases when ${changed('is not')}
     begin ${one('old', -1)} ${one('new', 1)} end`,
  );
  await run(db, `create trigger case_counts_take after delete on cases begin ${one('old', -1)} end`);
}

async function countOnPostgres(db: Kysely<unknown>): Promise<void> {
  await run(
    db,
    `create function count_case() returns trigger language plpgsql as $$ begin
       if tg_op <> 'INSERT' then ${one('old', -1)} end if;
       if tg_op <> 'DELETE' then ${one('new', 1)} end if;
       return null;
     end $$`,
  );
  await run(
    db,
    'create trigger case_counts_add after insert or delete on cases for each row execute function count_case()',
  );
  await run(
    db,
    `create trigger case_counts_move after update of ${KEYS.join(', ')} on cases for each row
     when (${changed('is distinct from')}) execute function count_case()`,
  );
}

/**
 * FTS5 with trigrams over a table of its own, whose numbers stay as they are when the file is packed. Two line ends
 * close the text, so that its last one and two characters begin a trigram as all others do.
 */
async function searchOnSqlite(db: Kysely<unknown>): Promise<void> {
  const text = (row: string) => `${row}.search || char(10, 10)`;
  await run(db, 'create table case_search (n integer primary key, id text not null unique, search text not null)');
  await run(
    db,
    `create virtual table case_trigrams using fts5(search, content = 'case_search', content_rowid = 'n',
       tokenize = 'trigram case_sensitive 1', columnsize = 0)`,
  );
  await run(db, "create virtual table case_trigram_terms using fts5vocab('case_trigrams', 'row')");
  const forget = "insert into case_trigrams (case_trigrams, rowid, search) values ('delete', old.n, old.search);";
  const learn = 'insert into case_trigrams (rowid, search) values (new.n, new.search);';
  await run(db, `create trigger case_search_add after insert on case_search begin ${learn} end`);
  await run(db, `create trigger case_search_take after delete on case_search begin ${forget} end`);
  await run(db, `create trigger case_search_change after update on case_search begin ${forget} ${learn} end`);
  await run(db, `insert into case_search (id, search) select id, ${text('cases')} from cases order by opened_at, id`);
  await run(
    db,
    `create trigger cases_searched_add after insert on cases
     begin insert into case_search (id, search) values (new.id, ${text('new')}); end`,
  );
  await run(
    db,
    `create trigger cases_searched_change after update of search on cases when old.search <> new.search
     begin update case_search set search = ${text('new')} where id = new.id; end`,
  );
  await run(
    db,
    'create trigger cases_searched_take after delete on cases begin delete from case_search where id = old.id; end',
  );
}

/** Where the server lacks pg_trgm, or its owner may not add it, a search reads every case as before. */
async function searchOnPostgres(db: Kysely<unknown>): Promise<void> {
  await run(
    db,
    `do $$ begin
       create extension if not exists pg_trgm;
       create index cases_trigrams on cases using gin (search gin_trgm_ops);
     exception when others then raise warning 'searches stay slow without pg_trgm: %', sqlerrm;
     end $$`,
  );
}

/** Adds `case_counts`, the indexes of lists, and what searches go by. */
export function caseListsMigration(dialect: Dialect): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await createCounts(db);
      await (dialect === 'sqlite' ? countOnSqlite(db) : countOnPostgres(db));
      const index = (name: string, columns: string[]) => db.schema.createIndex(name).on('cases').columns(columns);
      await index('cases_kind_state', ['kind', 'state', 'opened_at', 'id']).execute();
      await index('cases_waited', ['due_at']).where(sql.ref('due_at'), 'is not', null).execute();
      await (dialect === 'sqlite' ? searchOnSqlite(db) : searchOnPostgres(db));
    },
  };
}
