/** Text of people in HTML: what has a meaning there is written out. */

/** @example escapeHtml('<b>&"') // '&lt;b&gt;&amp;&quot;' */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
