/** `/docs`: the OpenAPI document as a plain page that needs no network. */

type Operation = { readonly summary?: string; readonly tags?: readonly string[]; readonly 'x-access'?: string };
type OpenApi = {
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};

const escapeHtml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** @param document OpenAPI 3.1 @returns a page without scripts, its texts escaped */
export function renderDocs(document: OpenApi): string {
  const rows = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const cells = [method.toUpperCase(), path, operation.summary ?? '', operation['x-access'] ?? ''];
      return `<tr>${cells.map((cell, i) => `<td>${i < 2 ? `<code>${escapeHtml(cell)}</code>` : escapeHtml(cell)}</td>`).join('')}</tr>`;
    }),
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(document.info.title)}</title>
<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #8884}</style></head>
<body><h1>${escapeHtml(document.info.title)} ${escapeHtml(document.info.version)}</h1><p>Machine-readable: <a href="/openapi.json">/openapi.json</a>. Errors are RFC 9457 problem details with a code of the catalogue.</p>
<table><thead><tr><th>Method</th><th>Path</th><th>What it does</th><th>Needs</th></tr></thead><tbody>${rows.join('')}</tbody></table></body></html>`;
}
