/** Pieces of a page in which nothing is left unescaped: only what `html` made goes in as it is. */
import type { Bilingual } from '../../contracts/text.ts';

/** Markup that is safe to put into a page. */
export type Html = { readonly html: string };
type Value = Html | string | number | readonly Html[];

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Text as HTML, also within quotes.
 * @example escapeHtml('<b>') // '&lt;b&gt;'
 */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? '');
}

function markupOf(value: Value): string {
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  if ('html' in value) return value.html;
  return value.map((part) => part.html).join('');
}

/** A template whose values are escaped, unless they are markup already. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { html: strings.reduce((all, part, i) => all + markupOf(values[i - 1] ?? '') + part) };
}

/** Markup that this program wrote itself (style, script). */
export function trusted(markup: string): Html {
  return { html: markup };
}

/** Both languages; the page shows one. */
export function bilingual({ zh, en }: Bilingual): Html {
  return html`<span class="zh" lang="zh-CN">${zh}</span><span class="en" lang="en">${en}</span>`;
}

export type Cell = Html | string | number;

/** A table that can be pushed aside on a narrow screen; the first column names the row. */
export function table(head: readonly Cell[], rows: readonly (readonly Cell[])[]): Html {
  const line = (cells: readonly Cell[]) =>
    cells.map((cell, i) => (i === 0 ? html`<th scope="row">${cell}</th>` : html`<td>${cell}</td>`));
  return html`<div class="wide"><table><thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead><tbody>${rows.map((row) => html`<tr>${line(row)}</tr>`)}</tbody></table></div>`;
}

/** A part of the page under a title. */
export function section(title: Bilingual, ...content: readonly Html[]): Html {
  return html`<section><h2>${bilingual(title)}</h2>${content}</section>`;
}

/** A paragraph in small grey print. */
export function note(text: Bilingual): Html {
  return html`<p class="soft">${bilingual(text)}</p>`;
}
