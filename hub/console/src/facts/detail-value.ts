/** A field of an event's detail as text for people, by its shape and the words of its kind's entry: no violation is named here. */
import { valueText } from '../../../../contracts/violations/detail.ts';
import type { ViolationKind } from '../../../../contracts/violations/index.ts';
import { span } from '../format/time.ts';
import { i18n, inLanguage } from '../i18n/index.ts';

const SECONDS = /seconds$/i;
const SHARE = /(share|disorder|score)$/i;

function percent(value: number): string {
  return `${Math.round(value * 100)} %`;
}

function numberText(key: string, value: number): string {
  if (SECONDS.test(key)) return span(value * 1000, true);
  if (SHARE.test(key)) return percent(value);
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}

function wordText(kind: ViolationKind, key: string, value: string): string {
  return inLanguage(valueText(kind, key, value), value);
}

function objectText(value: Record<string, unknown>): string {
  if (typeof value.text === 'string') {
    return typeof value.score === 'number' ? `${value.text} (${percent(value.score)})` : value.text;
  }
  if ('areaM2' in value) {
    return typeof value.areaM2 === 'number'
      ? i18n.t('value.area', { value: value.areaM2.toFixed(1) })
      : i18n.t('value.areaUnknown');
  }
  return JSON.stringify(value);
}

export function detailText(kind: ViolationKind, key: string, value: unknown): string {
  if (value === null || value === undefined) return '—';
  if (typeof value === 'boolean') return i18n.t(value ? 'value.yes' : 'value.no');
  if (typeof value === 'number') return numberText(key, value);
  if (typeof value === 'string') return wordText(kind, key, value);
  if (Array.isArray(value))
    return value
      .map((part) =>
        typeof part === 'string' ? wordText(kind, key, part) : String(Array.isArray(part) ? part.at(-1) : part),
      )
      .join(i18n.language === 'en' ? ', ' : '、');
  return objectText(value as Record<string, unknown>);
}

/** A span is written with its own units: the label's "seconds" would say it twice. */
export function detailLabel(key: string, label: string): string {
  return SECONDS.test(key) ? label.replace(/, s$/, '').replace(/秒数$/, '时长') : label;
}

/** A list of [seconds, count] pairs is drawn as a line, not written. */
export function isSeries(value: unknown): value is [number, number][] {
  return (
    Array.isArray(value) &&
    value.length > 1 &&
    value.every((part) => Array.isArray(part) && part.length === 2 && part.every((n) => typeof n === 'number'))
  );
}
