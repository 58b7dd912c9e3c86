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

export type SearchPart = {
  /** Stands in the text as it is. */
  readonly text: string;
  /** For `like … escape '\\'`: where in the text it must stand. */
  readonly pattern: string;
};

/** What of a case's `searchText` the words may be: any field that holds them, or a plate written with or without its signs. */
export function searchParts(words: string): SearchPart[] {
  const text = searchable(words);
  const plate = searchablePlate(words);
  const whole = { text, pattern: `%${literal(text)}%` };
  // Written as it stands on a plate, it is found there by the first.
  return plate === '' || plate === text ? [whole] : [whole, { text: plate, pattern: `%\n\n%${literal(plate)}%` }];
}
