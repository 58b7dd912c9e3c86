/** What a site's answer must say, when two are one, and what it makes of its notice. Pure. */
import {
  MIN_CORRECTION_TEXT,
  type NoticeReplyBody,
  type NoticeState,
  noticeStates,
} from '../../contracts/api/notice.ts';
import type { Fault } from '../../platform/app-error.ts';
import { kindOfHead } from '../../platform/content-kind.ts';
import type { NoticeReplyRow } from '../storage/notices.ts';
import { noPicture } from './photo.ts';

export type NoticeAnswer = Omit<NoticeReplyBody, 'photo'> & { readonly photos: readonly Buffer[] };

/** A later state never goes back because of an earlier step that is repeated. */
const rank: readonly NoticeState[] = noticeStates;

/** Any answer proves that a person has the notice; a statement in defence changes nothing about what was asked. */
export const stateAfter: Readonly<Record<NoticeReplyBody['kind'], NoticeState>> = {
  acknowledge: 'acknowledged',
  correction: 'corrected',
  statement: 'delivered',
};

/** By its first bytes; what a client says about its file is not believed. */
const isPicture = (bytes: Buffer) => kindOfHead(bytes).startsWith('image/');

/** What an answer lacks to be one; null when it says enough. */
export function answerFault({ kind, text, photos }: NoticeAnswer): Fault | null {
  const said = text?.trim() ?? '';
  if (photos.some((photo) => !isPicture(photo))) return noPicture;
  if (kind === 'correction' && photos.length === 0 && said.length < MIN_CORRECTION_TEXT)
    return {
      path: 'text',
      message: `a correction needs a photo, or ${MIN_CORRECTION_TEXT} signs of text`,
      messageZh: `提交整改须附照片，或写明不少于 ${MIN_CORRECTION_TEXT} 个字`,
    };
  if (kind === 'statement' && said === '')
    return { path: 'text', message: 'a statement needs text', messageZh: '陈述申辩须填写内容' };
  return null;
}

export type Reply = Pick<NoticeReplyRow, 'kind' | 'name' | 'text' | 'photo' | 'photos'>;

export function photosOf({ photo, photos }: Pick<Reply, 'photo' | 'photos'>): string[] {
  if (photos !== null) return JSON.parse(photos) as string[];
  return photo === null ? [] : [photo];
}

/** Sent twice, by a button pressed twice or a page loaded again, it is still one answer. */
export const sameReply = (a: Reply, b: Reply) =>
  a.kind === b.kind && a.name === b.name && a.text === b.text && a.photo === b.photo && a.photos === b.photos;

export const further = (now: string, next: NoticeState): NoticeState =>
  rank.indexOf(next) > rank.indexOf(now as NoticeState) ? next : (now as NoticeState);

/** Nobody is late with what nobody is known to have. */
export const isAwaited = (state: NoticeState) =>
  rank.indexOf(state) >= rank.indexOf('delivered') && rank.indexOf(state) < rank.indexOf('corrected');
