/** English words of how notices went. */
import type { deliveries as zh } from '../zh/deliveries.ts';

export const deliveries: typeof zh = {
  delivery: {
    queued: 'Waiting',
    delivered: 'Delivered to the channel',
    refused: 'Refused',
    failed: 'Failed each time',
    'given-up': 'Given up',
  },
  channel: {
    portal: 'Reply page',
    noop: 'Dry run',
    smtp: 'Mail',
    wecom: 'WeCom',
    dingtalk: 'DingTalk',
    feishu: 'Feishu',
  },
  reminder: { before: 'reminder before the limit', limit: 'reminder at the limit' },
  deliveries: {
    title: 'Undelivered notices',
    lead: 'These are tried no more and wait for a person: put the address or the channel right and try again, or tell the site another way and give up.',
    ofNotice: 'Deliveries',
    attempts: '{{count}} tries',
    nextAt: 'next {{at}}',
    retry: 'Try again',
    giveUp: 'Give up',
    why: 'Why {{number}} is given up, and how the site hears of it instead',
    none: 'Every notice got there',
    noneHint: 'What a server refuses, or what fails for a day, shows here.',
    supervisors: 'Supervisors look after undelivered notices',
  },
};
