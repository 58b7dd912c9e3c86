/** What a site's answer must say, and when two are one. Pure. */
import { MIN_CORRECTION_TEXT, type NoticeReplyBody } from '../../contracts/api/notice.ts';
import type { Fault } from '../../platform/app-error.ts';
import { kindOfHead } from '../../platform/content-kind.ts';
import type { NoticeReplyRow } from '../storage/notices.ts';
import { noPicture } from './photo.ts';

export type NoticeAnswer = Omit<NoticeReplyBody, 'photo'> & { readonly photos: readonly Buffer[] };

/** By its first bytes; what a client says about its file is not believed. */
const isPicture = (bytes: Buffer) => kindOfHead(bytes).startsWith('image/');

/** What an answer lacks to be one; null when it says enough. */
export function answerFault({ kind, text, photos }: NoticeAnswer): Fault | null {
  const words = text?.trim() ?? '';
  if (photos.some((photo) => !isPicture(photo))) return noPicture;
  if (kind === 'correction' && photos.length === 0 && words.length < MIN_CORRECTION_TEXT)
    return {
      path: 'text',
      message: `a correction needs a photo, or ${MIN_CORRECTION_TEXT} signs of text`,
      messageZh: `提交整改须附照片，或写明不少于 ${MIN_CORRECTION_TEXT} 个字`,
    };
  if (kind === 'statement' && words === '')
    return { path: 'text', message: 'a statement needs text', messageZh: '陈述申辩须填写内容' };
  return null;
}

export type ReplyFields = Pick<NoticeReplyRow, 'kind' | 'name' | 'text' | 'photo' | 'photos'>;

/** Hashes of a reply's photos; replies from before there were several have the one. */
export function photosOf({ photo, photos }: Pick<ReplyFields, 'photo' | 'photos'>): string[] {
  if (photos !== null) return JSON.parse(photos) as string[];
  return photo === null ? [] : [photo];
}

/** Sent twice, by a button pressed twice or a page loaded again, it is still one answer. */
export const sameReply = (a: ReplyFields, b: ReplyFields) =>
  a.kind === b.kind && a.name === b.name && a.text === b.text && a.photo === b.photo && a.photos === b.photos;
