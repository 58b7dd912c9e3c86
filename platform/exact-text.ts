/** Text that can be kept exactly: SQLite and PostgreSQL give back what they were given, and RFC 8785 can write it. */

/** A surrogate without its partner has no UTF-8 form; PostgreSQL keeps no U+0000 in text. */
const INEXACT = /\p{Surrogate}|\0/u;

/** What is wrong with such text, for whoever sent it. */
export const INEXACT_TEXT = 'holds U+0000 or a lone surrogate';

type Place = { readonly value: unknown; readonly key: string | number | null; readonly within: Place | null };

/** A path is for people to read: of what lies deeper the outermost steps are enough. */
const SHOWN_STEPS = 20;

function pathOf(place: Place, last: string | null = null): string {
  const keys: (string | number)[] = last === null ? [] : [last];
  for (let at: Place | null = place; at !== null; at = at.within) if (at.key !== null) keys.push(at.key);
  const shown = keys.reverse().slice(0, SHOWN_STEPS);
  const path = shown.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const name = key.replaceAll(new RegExp(INEXACT, 'gu'), '\ufffd');
    return text ? `${text}.${name}` : name;
  }, '');
  return keys.length > shown.length ? `${path}…` : path;
}

/**
 * JSON path (`objects[0].class`; empty for a bare string) of the first string or key that holds U+0000 or a surrogate
 * without its partner, or null. As deep as the value goes: it does not call itself.
 */
export function findInexactText(value: unknown): string | null {
  const waiting: Place[] = [{ value, key: null, within: null }];
  for (let place = waiting.pop(); place; place = waiting.pop()) {
    const { value: held } = place;
    if (typeof held === 'string') {
      if (INEXACT.test(held)) return pathOf(place);
    } else if (Array.isArray(held)) {
      for (let i = held.length - 1; i >= 0; i--) waiting.push({ value: held[i], key: i, within: place });
    } else if (typeof held === 'object' && held !== null) {
      const entries = Object.entries(held);
      for (const [key] of entries) if (INEXACT.test(key)) return pathOf(place, key);
      for (const [key, within] of entries.reverse()) waiting.push({ value: within, key, within: place });
    }
  }
  return null;
}
