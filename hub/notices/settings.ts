/** What the office sets about notices. */
import type { Calendar } from '../../contracts/schedule.ts';
import type { HubConfig } from '../config.ts';
import type { LinkTokens } from './link-token.ts';

export type NoticeSettings = {
  readonly issuer: string;
  readonly contact: string;
  readonly correctWithinHours: number;
  readonly linkDays: number;
  /** A draft waits so long before it may be handed over: until its confirmation can no longer be taken back, ms. */
  readonly holdMs: number;
  readonly calendar: Calendar;
  readonly links: Pick<LinkTokens, 'make'>;
  /** Kinds of the channels that it goes by. */
  readonly channels: readonly string[];
};

/** @param parts what other rooms decide about notices */
export function noticeSettings(
  { issuer = '城市管理局', contact = '12319', correctWithinHours = 24, linkDays = 30 }: HubConfig['notices'] = {},
  parts: Pick<NoticeSettings, 'holdMs' | 'calendar' | 'links' | 'channels'>,
): NoticeSettings {
  return { issuer, contact, correctWithinHours, linkDays, ...parts };
}
