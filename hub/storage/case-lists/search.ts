/** What a search means in the registry: cameras, zones and sites by their names, which cases do not carry. */
import type { ZoneConfig } from '../../../contracts/zone.ts';
import { type SearchPart, searchable, searchParts } from '../search-text.ts';
import type { Db } from '../store.ts';

export type CaseSearch = {
  /** Parts of the cases' own text, any of them. */
  readonly parts: readonly SearchPart[];
  readonly cameras: readonly string[];
  readonly sites: readonly string[];
  /** `camera zone`, as the column text of both with a blank between. */
  readonly zones: readonly string[];
};

type Named = { readonly zh: string; readonly en: string };

/** @param words as typed into the search box @returns everything that a case may match to be found by them */
export async function readSearch(db: Db, words: string): Promise<CaseSearch> {
  const wanted = searchable(words);
  const has = (...texts: readonly (string | undefined)[]) =>
    texts.some((text) => text !== undefined && searchable(text).includes(wanted));
  const hasName = (name: Named | undefined) => name !== undefined && has(name.zh, name.en);
  const cameras = await db.selectFrom('cameras').select(['id', 'name', 'zones']).execute();
  const sites = await db.selectFrom('sites').select(['id', 'body']).execute();
  return {
    parts: searchParts(words),
    cameras: cameras.filter(({ name }) => hasName(JSON.parse(name) as Named)).map(({ id }) => id),
    zones: cameras.flatMap(({ id, zones }) =>
      (JSON.parse(zones) as ZoneConfig[]).filter(({ name }) => hasName(name)).map((zone) => `${id} ${zone.id}`),
    ),
    sites: sites
      .filter(({ body }) => {
        const site = JSON.parse(body) as { readonly name: Named; readonly address: string };
        return hasName(site.name) || has(site.address);
      })
      .map(({ id }) => id),
  };
}
