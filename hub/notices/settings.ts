/** What the office sets about notices. */
import type { Calendar } from '../../contracts/schedule.ts';
import type { HubConfig } from '../config.ts';
import { shiftsByDefault } from './config.ts';
import type { LinkTokens } from './link-token.ts';
import type { MergeRule } from './merge-rule.ts';
import type { ReminderSettings } from './reminders.ts';

export type NoticeSettings = {
  readonly issuer: string;
  readonly contact: string;
  readonly correctWithinHours: number;
  readonly linkDays: number;
  /** Time to state and defend, days. */
  readonly stateWithinDays: number;
  /** Instead of what a kind's entry gives. */
  readonly legalBasis: Readonly<Partial<Record<string, readonly string[]>>>;
  /** A draft waits so long before it may be handed over: until its confirmation can no longer be taken back, ms. */
  readonly holdMs: number;
  readonly calendar: Calendar;
  readonly links: Pick<LinkTokens, 'make'>;
  /** Kinds of the channels that it goes by. */
  readonly channels: readonly string[];
  /** How the notices of a site's shift are gathered; null: each goes alone. */
  readonly merge: MergeRule | null;
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function mergeRule(config: NonNullable<HubConfig['notices']>): MergeRule | null {
  const { merge = 'off', shifts = shiftsByDefault, mergeLeadMinutes = 60, urgent = {} } = config;
  if (merge === 'off') return null;
  return { shifts, leadMs: mergeLeadMinutes * MINUTE, beforeMs: reminderSettings(config).beforeMs, urgent };
}

/** @param parts what other rooms decide about notices */
export function noticeSettings(
  config: HubConfig['notices'] = {},
  parts: Pick<NoticeSettings, 'holdMs' | 'calendar' | 'links' | 'channels'>,
): NoticeSettings {
  const { issuer = '城市管理局', contact = '12319', correctWithinHours = 24, linkDays = 30 } = config;
  const { stateWithinDays = 5, legalBasis = {} } = config;
  const merge = mergeRule(config);
  return { issuer, contact, correctWithinHours, linkDays, stateWithinDays, legalBasis, merge, ...parts };
}

/** When sites are reminded; 4 h before the limit and when it is reached, unless it is set otherwise. */
export function reminderSettings({ reminders = {} }: NonNullable<HubConfig['notices']> = {}): ReminderSettings {
  const { beforeHours = 4, atLimit = true } = reminders;
  return { beforeMs: beforeHours * HOUR, atLimit };
}
