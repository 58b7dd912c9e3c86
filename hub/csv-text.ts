/** One text as a field of a CSV file (RFC 4180) that no spreadsheet takes for a formula. Pure. */

/** What a spreadsheet would take for the beginning of a formula (OWASP, CSV injection), also behind signs put before it. */
export const FORMULA = /^'*[=+\-@\t\r]/;

/**
 * @param value the text; one that looks like a formula gets a sign before it
 * @example csvText('=1+1') // "'=1+1"
 */
export function csvText(value: string): string {
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
