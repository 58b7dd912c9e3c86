/** What goes out as one: a notice alone, or the notices of a merged one that still stand. */
import type { NoticeState } from '../../contracts/api/notice.ts';
import { mergedNoticesByIds, noticesOfMerged } from '../storage/merged-notices.ts';
import { type NoticeRow, noticeById } from '../storage/notices.ts';
import type { Db } from '../storage/store.ts';
import type { NoticeContent } from './content.ts';
import type { ReminderMark } from './reminders.ts';

export type Envelope = {
  /** The same at each try: of the notice, or of the merged one. */
  readonly id: string;
  readonly number: string;
  /** The first one first. */
  readonly notices: readonly NoticeRow[];
};

const apart: ReadonlySet<string> = new Set<NoticeState>(['drafted', 'withdrawn']);
const settled: ReadonlySet<string> = new Set<NoticeState>(['corrected', 'verified']);
export const isStanding = ({ state }: Pick<NoticeRow, 'state'>): boolean => !apart.has(state);
export const isCorrected = ({ state }: Pick<NoticeRow, 'state'>): boolean => settled.has(state);

/** The notice, or all of the merged one that it is part of, whatever became of them. */
export async function envelopeOf(db: Db, row: NoticeRow): Promise<Envelope> {
  const [merged] = row.merged_id === null ? [] : await mergedNoticesByIds(db, [row.merged_id]);
  if (!merged?.number) return { id: row.id, number: row.number, notices: [row] };
  return { id: merged.id, number: merged.number, notices: await noticesOfMerged(db, [merged.id]) };
}

/**
 * What a row of the queue is of. A reminder is of the notices of a merged one that have the same limit; it has an id of
 * its own, as there may be several.
 *
 * @param id of a notice, or of a merged one. @returns null where there is no such
 */
export async function envelopeOfDelivery(db: Db, id: string, mark: ReminderMark | null): Promise<Envelope | null> {
  const own = await noticeById(db, id);
  if (!own) {
    const [first] = await noticesOfMerged(db, [id]);
    return first ? standing(await envelopeOf(db, first)) : null;
  }
  if (mark === null || own.merged_id === null) return standing({ id, number: own.number, notices: [own] });
  const whole = await envelopeOf(db, own);
  const sameLimit = whole.notices.filter((notice) => notice.correct_by === own.correct_by && !isCorrected(notice));
  return standing({ id, number: whole.number, notices: sameLimit });
}

function standing(envelope: Envelope): Envelope {
  return { ...envelope, notices: envelope.notices.filter(isStanding) };
}

/** What each notice says, under the number that it goes out with. */
export function contentsOf({ notices }: Pick<Envelope, 'notices'>): NoticeContent[] {
  return notices.map(({ body }) => JSON.parse(body) as NoticeContent);
}
