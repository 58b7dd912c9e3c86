/** Text that cannot be kept exactly: U+0000, which PostgreSQL refuses, and lone surrogates, which have no UTF-8 form. */

/** Within the pattern a surrogate that has its partner is taken as one sign, so only lone ones match. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
const INEXACT = /[\u0000\p{Surrogate}]/u;

const PLAIN_NAME = /^[A-Za-z_$][\w$]*$/;

const member = (path: string, name: string): string =>
  PLAIN_NAME.test(name) ? `${path}${path === '' ? '' : '.'}${name}` : `${path}[${printableName(name)}]`;

/** A name in a path must itself be exact: what is not is written as an escape. */
const printableName = (name: string): string => JSON.stringify(name).slice(0, 80);

/**
 * The path of the first string or key that holds U+0000 or a lone surrogate; '' is the value itself, null = there is
 * none. RFC 8785 (3.2.2.2) and RFC 7493 (2.1) refuse such text: SQLite, PostgreSQL and a hash each make something else
 * of it. For parsed JSON: walks without recursion, so that depth is no way to end the program.
 */
export function findInexactText(value: unknown): string | null {
  const waiting: { readonly path: string; readonly value: unknown }[] = [{ path: '', value }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { path } = next;
    if (typeof next.value === 'string') {
      if (INEXACT.test(next.value)) return path;
    } else if (Array.isArray(next.value)) {
      for (let i = next.value.length - 1; i >= 0; i -= 1) waiting.push({ path: `${path}[${i}]`, value: next.value[i] });
    } else if (typeof next.value === 'object' && next.value !== null) {
      const entries = Object.entries(next.value);
      for (const [name] of entries) if (INEXACT.test(name)) return member(path, name);
      for (const [name, inner] of entries.reverse()) waiting.push({ path: member(path, name), value: inner });
    }
  }
  return null;
}
