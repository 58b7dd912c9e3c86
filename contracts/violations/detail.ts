/** What a kind's entry says of an event's detail: why it is a violation, the plate in it, its values in words. */
import type { Bilingual } from '../text.ts';
import { type ViolationKind, violations } from './index.ts';

type Fields = Readonly<Record<string, unknown>> | null | undefined;
type Values = Readonly<Record<string, Readonly<Record<string, Bilingual>> | undefined>>;

/** The reasons that a detail gives, e.g. `['uncovered', 'spill']`; none where it does not say. */
export function reasonsOf(kind: ViolationKind, detail: unknown): string[] {
  const value = (detail as Fields)?.[violations[kind].reasonField];
  return [value].flat().filter((word): word is string => typeof word === 'string');
}

/** A plate as a machine read it; null where none was read, or the kind has none. */
export function plateIn(kind: ViolationKind, detail: unknown): string | null {
  const { plateField } = violations[kind];
  const plate = plateField && (detail as Fields)?.[plateField];
  const text = (plate as { readonly text?: unknown } | null | undefined)?.text;
  return typeof text === 'string' ? text : null;
}

/**
 * Whether an event is a proposal: what it shows has stood since the camera's first look, and a person says what it is. It
 * is neither counted as a violation nor as a false alarm.
 */
export function isProposal(detail: unknown): boolean {
  return (detail as Fields)?.presentSinceStart === true;
}

/**
 * One value of a detail's field in both languages; null for what has no words: a number, an id.
 * @example valueText('road-stall', 'ruleWindow', 'outside 18:30-22:30') // { zh: '18:30-22:30 以外', en: 'Outside 18:30-22:30' }
 */
export function valueText(kind: ViolationKind, field: string, value: string): Bilingual | null {
  const words = (violations[kind].detailValues as Values)[field];
  if (!words) return null;
  if (Object.hasOwn(words, value)) return words[value] ?? null;
  const [word = '', ...rest] = value.split(' ');
  const text = rest.length > 0 && Object.hasOwn(words, word) ? words[word] : undefined;
  if (!text) return null;
  return { zh: text.zh.replace('{}', rest.join(' ')), en: text.en.replace('{}', rest.join(' ')) };
}
