/** Characters that people cannot see and that change what they read: control characters, and turned reading order. */

/**
 * Tab and line ends are text. Of the marks for right-to-left scripts only those go that turn others around (U+202A–202E,
 * U+2066–2069): with them a plate or a name reads as another (CVE-2021-42574).
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const HIDDEN = /[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
const HIDDEN_IN_LINE = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** What a stranger wrote, as one line for a terminal, a log or a page: nothing in it steers or misleads a reader. */
export const printableLine = (text: string): string => text.replaceAll(HIDDEN_IN_LINE, '?');

/** The same for text of several lines; a carriage return alone would write over what stands there. */
export const printableText = (text: string): string => text.split(/\r?\n/).map(printableLine).join('\n');

/** JSON path of the first string that holds one, or null. For values that fit a schema: it calls itself. */
export function findHiddenText(value: unknown, path = ''): string | null {
  if (typeof value === 'string') return HIDDEN.test(value) ? path : null;
  if (typeof value !== 'object' || value === null) return null;
  const isList = Array.isArray(value);
  for (const [key, held] of Object.entries(value)) {
    const found = findHiddenText(held, isList ? `${path}[${key}]` : path ? `${path}.${key}` : key);
    if (found !== null) return found;
  }
  return null;
}
