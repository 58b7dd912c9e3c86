/** Text as it is searched: the same on both databases, because everything about letters is settled before they see it. */
import { plateIn } from '../../contracts/violations/detail.ts';
import type { ViolationKind } from '../../contracts/violations/index.ts';

/** Full-width signs as plain ones, small letters, one blank between words. */
export function searchable(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}

/** Plates are compared without the dots, blanks and dashes that people write. */
function searchablePlate(text: string): string {
  return searchable(text).replace(/[\s·•.・-]/g, '');
}

type Searched = {
  readonly number: string;
  readonly kind: string;
  readonly camera: string;
  readonly zone: string;
  readonly site: string | null;
  readonly plate: string | null;
  readonly detail: string;
};

/** Fields on lines of their own, so that nothing is found across two of them; plates last, behind an empty line. */
export function searchText(row: Searched): string {
  const plates = [row.plate, plateIn(row.kind as ViolationKind, JSON.parse(row.detail))].flatMap((plate) =>
    plate ? [searchablePlate(plate)] : [],
  );
  const fields = [row.number, row.camera, row.zone, row.site ?? ''].map(searchable);
  return `${fields.join('\n')}\n\n${plates.join('\n')}`;
}

const literal = (text: string) => text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`);

/** Patterns for `like … escape '\'` on what `searchText` gives: any of them. Few, since each scans every case. */
export function searchPatterns(words: string): string[] {
  const text = searchable(words);
  const plate = searchablePlate(words);
  // Written as it stands on a plate, it is found there by the first pattern.
  return plate === '' || plate === text ? [`%${literal(text)}%`] : [`%${literal(text)}%`, `%\n\n%${literal(plate)}%`];
}
