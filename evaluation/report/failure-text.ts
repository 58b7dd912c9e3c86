/** What the truth said and what the line did, of one miss or false alarm, in a sentence each. */
import type { Bilingual } from '../../contracts/text.ts';
import { valueText } from '../../contracts/violations/detail.ts';
import { violations } from '../../contracts/violations/index.ts';
import type { MatchOutcome } from '../scoring/event-match.ts';
import type { Failure, Moment } from '../scoring/score-clip.ts';
import { seconds } from './figures.ts';
import { wordOf } from './words.ts';

/** Longer values (outlines, series) are in the JSON. */
const MAX_LENGTH = 80;

type Missed = MatchOutcome & { readonly verdict: 'missed' };
type False = MatchOutcome & { readonly verdict: 'false' };
export type Explained = { readonly truth: Bilingual; readonly line: Bilingual };

type Kind = MatchOutcome['kind'];

function textOf(kind: Kind, name: string, value: unknown): Bilingual {
  if (typeof value === 'boolean') return value ? { zh: '是', en: 'yes' } : { zh: '否', en: 'no' };
  if (typeof value !== 'object') return valueText(kind, name, String(value)) ?? wordOf(String(value));
  if (!Array.isArray(value)) return { zh: JSON.stringify(value), en: JSON.stringify(value) };
  const words = value.map((word) => textOf(kind, name, word));
  return { zh: words.map(({ zh }) => zh).join('、'), en: words.map(({ en }) => en).join(', ') };
}

/** What an event or a violation says of itself: short values, under the names that the console gives them. */
function detailText(kind: Kind, detail: Readonly<Record<string, unknown>> | undefined): Bilingual {
  const labels: Readonly<Record<string, Bilingual>> = violations[kind].detailLabels;
  const parts = Object.entries(detail ?? {}).flatMap(([name, value]): Bilingual[] => {
    if (value === null || value === undefined || value === '') return [];
    const text = textOf(kind, name, value);
    if (text.en.length > MAX_LENGTH) return [];
    return [{ zh: `${labels[name]?.zh ?? name} ${text.zh}`, en: `${labels[name]?.en ?? name} ${text.en}` }];
  });
  return { zh: parts.map(({ zh }) => zh).join('，'), en: parts.map(({ en }) => en).join('; ') };
}

const brackets = (text: string, [open, close]: readonly [string, string]) =>
  text === '' ? '' : `${open}${text}${close}`;
const zhBrackets = ['（', '）'] as const;
const enBrackets = [' (', ')'] as const;

function span({ kind, truth }: { readonly kind: Kind; readonly truth: Missed['truth'] }): Bilingual {
  const [from, to, due] = [seconds(truth.from), seconds(truth.to), seconds(truth.dueAt)];
  const detail = detailText(kind, truth.detail);
  return {
    zh: `区域 ${truth.zone}，${from}–${to} 秒，应在 ${due} 秒报出${brackets(detail.zh, zhBrackets)}`,
    en: `zone ${truth.zone}, ${from}–${to} s, due at ${due} s${brackets(detail.en, enBrackets)}`,
  };
}

function reportText({ kind, seen }: { readonly kind: Kind; readonly seen: False['seen'] }): Bilingual {
  const detail = detailText(kind, seen.detail);
  return {
    zh: `在区域 ${seen.zone} 报出事件，始于 ${seconds(seen.start)} 秒，${seconds(seen.reported)} 秒上报${brackets(detail.zh, zhBrackets)}`,
    en: `an event in zone ${seen.zone}, begun at ${seconds(seen.start)} s, reported at ${seconds(seen.reported)} s${brackets(detail.en, enBrackets)}`,
  };
}

function explainMiss(outcome: Missed, others: readonly MatchOutcome[]): Explained {
  const stray = others.filter((other): other is False => other.verdict === 'false');
  const line = stray.map(reportText);
  return {
    truth: span(outcome),
    line:
      line.length === 0
        ? { zh: '没有报出这类事件', en: 'no further event of this kind' }
        : {
            zh: `不相配的事件：${line.map(({ zh }) => zh).join('；')}`,
            en: `events that do not match: ${line.map(({ en }) => en).join('; ')}`,
          },
  };
}

function explainFalse(outcome: False, others: readonly MatchOutcome[]): Explained {
  const truths = others.flatMap((other) => ('truth' in other ? [other] : []));
  if (truths.length === 0) {
    return { truth: { zh: '片段中没有这类违规', en: 'no such violation in the clip' }, line: reportText(outcome) };
  }
  const spans = truths.map((other) => ({ span: span(other), found: other.verdict === 'found' }));
  return {
    truth: {
      zh: spans.map(({ span: own, found }) => `${own.zh}${found ? '（已由另一事件报出）' : ''}`).join('；'),
      en: spans.map(({ span: own, found }) => `${own.en}${found ? ' (reported by another event)' : ''}`).join('; '),
    },
    line: reportText(outcome),
  };
}

/** Truth and line of a failure, each in a sentence in both languages. */
export function explain({ outcome, others }: Failure): Explained {
  if (outcome.verdict === 'missed') return explainMiss(outcome, others);
  if (outcome.verdict === 'false') return explainFalse(outcome, others);
  return { truth: span(outcome), line: reportText(outcome) };
}

const momentNames: Readonly<Record<Moment['what'], Bilingual>> = {
  due: { zh: '应报时刻', en: 'when due' },
  crossed: { zh: '过线时刻', en: 'crossing the line' },
  started: { zh: '事件开始', en: 'event began' },
  reported: { zh: '上报时刻', en: 'when reported' },
};

/** The caption of a picture: which moment of the clip, and how many things were detected. */
export function momentText({ what, seconds: at, detections }: Moment): Bilingual {
  const count = detections.length;
  const { zh, en } = momentNames[what];
  return {
    zh: `${zh}，${seconds(at)} 秒；检测到 ${count} 个目标`,
    en: `${en}, ${seconds(at)} s; ${count} detections`,
  };
}
