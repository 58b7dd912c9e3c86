/** Text that cannot be kept exactly: U+0000, which PostgreSQL refuses, and lone surrogates, which have no UTF-8 form. */

/** Within the pattern a surrogate that has its partner is taken as one sign, so only lone ones match. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
const INEXACT = /[\u0000\p{Surrogate}]/u;

const PLAIN_NAME = /^[A-Za-z_$][\w$]*$/;

type Place = { readonly value: unknown; readonly within: Place | null; readonly step: string | number };

/** A path is for a person to find the place by; nobody counts further than this. */
const SHOWN_STEPS = 50;

/** Spelled once it is needed, the outermost steps of it: thousands of levels would cost more than they tell. */
function pathOf(place: Place): string {
  const steps: (string | number)[] = [];
  for (let at = place; at.within; at = at.within) steps.push(at.step);
  const shown = steps.reverse().slice(0, SHOWN_STEPS);
  const text = shown.map((step) => {
    if (typeof step === 'number') return `[${step}]`;
    // A name in a path must itself be exact: what is not is written as an escape.
    return PLAIN_NAME.test(step) ? `.${step}` : `[${JSON.stringify(step).slice(0, 80)}]`;
  });
  return `${text.join('').replace(/^\./, '')}${steps.length > SHOWN_STEPS ? '…' : ''}`;
}

/**
 * The path of the first string or key that holds U+0000 or a lone surrogate; '' is the value itself, null = there is
 * none. RFC 8785 (3.2.2.2) and RFC 7493 (2.1) refuse such text: SQLite, PostgreSQL and a hash each make something else
 * of it. For parsed JSON: walks without recursion, so that depth is no way to end the program.
 */
export function findInexactText(value: unknown): string | null {
  const waiting: Place[] = [{ value, within: null, step: '' }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value: here } = next;
    if (typeof here === 'string') {
      if (INEXACT.test(here)) return pathOf(next);
    } else if (Array.isArray(here)) {
      for (let i = here.length - 1; i >= 0; i -= 1) waiting.push({ value: here[i], within: next, step: i });
    } else if (typeof here === 'object' && here !== null) {
      const entries = Object.entries(here);
      for (const [name] of entries) if (INEXACT.test(name)) return pathOf({ value: null, within: next, step: name });
      for (const [name, inner] of entries.reverse()) waiting.push({ value: inner, within: next, step: name });
    }
  }
  return null;
}
