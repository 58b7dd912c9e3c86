/** Filters of the case list, kept in the address so that a view can be shared and gone back to. */
import { useSearchParams } from 'react-router';
import type { CaseQuery } from '../../../../contracts/api/case.ts';

const names = ['state', 'kind', 'source', 'camera', 'from', 'to', 'q', 'order'] as const;
export type FilterName = (typeof names)[number];
const PAGE_ROWS = 25;

/** Filters from the address, the query that they make, and ways to change them and to turn pages. */
export function useFilters() {
  const [search, setSearch] = useSearchParams();
  const filterOf = (name: FilterName): string => search.get(name) ?? '';
  // Cursors walked through so far, so that one can go back a page.
  const trail = search.getAll('at');
  const query: CaseQuery = {
    limit: PAGE_ROWS,
    order: filterOf('order') === 'oldest' ? 'oldest' : 'newest',
    ...Object.fromEntries(
      names.filter((name) => name !== 'order' && filterOf(name) !== '').map((name) => [name, filterOf(name)]),
    ),
    ...(trail.at(-1) === undefined ? {} : { cursor: trail.at(-1) as string }),
  };
  const set = (name: FilterName, value: string) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === '') next.delete(name);
        else next.set(name, value);
        next.delete('at');
        return next;
      },
      { replace: true },
    );
  const walk = (cursors: readonly string[]) =>
    setSearch((before) => {
      const next = new URLSearchParams(before);
      next.delete('at');
      for (const cursor of cursors) next.append('at', cursor);
      return next;
    });
  return {
    query,
    filterOf,
    set,
    clear: () => setSearch({}, { replace: true }),
    any: names.some((name) => filterOf(name) !== ''),
    trail,
    forward: (cursor: string) => walk([...trail, cursor]),
    back: () => walk(trail.slice(0, -1)),
  };
}
export type Filters = ReturnType<typeof useFilters>;
