/** Cases that a search finds, few of them: by trigrams (FTS5, pg_trgm) in their own text, by the index of a camera or site. */
import { type Expression, type SqlBool, SqliteAdapter, sql } from 'kysely';
import { oneOf } from '../one-of.ts';
import type { SearchPart } from '../search-text.ts';
import type { Db } from '../store.ts';
import type { CaseSearch } from './search.ts';

/** Beyond so many, a search is common: its page is found soon by reading the newest cases one by one. */
export const RARE = 2000;
/** Letters that SQLite's index goes by. */
const TRIGRAM = 3;
/** Different trigrams that a shorter text may begin. */
const TERMS = 300;

export type SearchHits = {
  readonly ids: readonly string[];
  /** False: there are more. */
  readonly complete: boolean;
};

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** The text as a question to FTS5; null: it stands in no case. */
async function matchOf(db: Db, text: string): Promise<string | null> {
  if ([...text].length >= TRIGRAM) return quoted(text);
  const { rows } = await sql<{ term: string }>`
    select term from case_trigram_terms where term >= ${text} and term < ${`${text}\u{10ffff}`}
    limit ${TERMS}`.execute(db);
  return rows.length === 0 ? null : rows.map(({ term }) => quoted(term)).join(' OR ');
}

async function partHits(db: Db, { text, pattern }: SearchPart): Promise<string[]> {
  const like = (column: string) => sql<SqlBool>`${sql.ref(column)} like ${pattern} escape '\\'`;
  if (!(db.getExecutor().adapter instanceof SqliteAdapter)) return idsWhere(db, like('search'));
  const match = await matchOf(db, text);
  if (match === null) return [];
  // Trigrams say where to look, `like` whether it is there: the same on both databases.
  const { rows } = await sql<{ id: string }>`
    select case_search.id from case_trigrams join case_search on case_search.n = case_trigrams.rowid
    where case_trigrams match ${match} and ${like('case_search.search')}
    order by case_trigrams.rowid desc limit ${RARE + 1}`.execute(db);
  return rows.map(({ id }) => id);
}

async function idsWhere(db: Db, where: Expression<SqlBool>): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from cases where ${where} limit ${RARE + 1}`.execute(db);
  return rows.map(({ id }) => id);
}

/** Ids of what the search finds, all of them or so many that it does not matter which. */
export async function searchHits(db: Db, { parts, cameras, sites, zones }: CaseSearch): Promise<SearchHits> {
  const cameraOf = (zone: string) => zone.slice(0, zone.indexOf(' '));
  const ways = [
    ...parts.map((part) => partHits(db, part)),
    ...(cameras.length > 0 ? [idsWhere(db, oneOf(db, 'camera', cameras))] : []),
    ...(sites.length > 0 ? [idsWhere(db, oneOf(db, 'site', sites))] : []),
    ...(zones.length > 0
      ? [
          idsWhere(
            db,
            sql<SqlBool>`${oneOf(db, 'camera', zones.map(cameraOf))}
              and ${oneOf(db, sql<string>`(camera || ' ' || zone)`, zones)}`,
          ),
        ]
      : []),
  ];
  const found = new Set((await Promise.all(ways)).flat());
  return { ids: [...found], complete: found.size <= RARE };
}
