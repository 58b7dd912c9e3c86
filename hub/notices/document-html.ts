/** A filled document as a page of HTML that prints as it is read: no script, nothing from elsewhere. */
import { renderSVG } from 'uqr';
import { escapeHtml } from '../../platform/escape-html.ts';
import type { DocumentBlock, FileCaption, FilledDocument } from './filled.ts';

const style = `body{font:15px/1.6 "Noto Sans SC","Microsoft YaHei",sans-serif;color:#12202c;max-width:760px;margin:0 auto;padding:20px;overflow-wrap:anywhere}
h1{font-size:24px;text-align:center;margin:8px 0}h2{font-size:16px;margin:20px 0 6px;break-after:avoid}h3{font-size:15px;margin:12px 0 4px;break-after:avoid}.soft{color:#56636f;font-size:13px}.sub{text-align:center}
dl{display:grid;grid-template-columns:120px 1fr;gap:2px 12px;margin:0}dt{color:#56636f}dd{margin:0}ul{margin:0;padding-left:20px}p{margin:6px 0}
.stills{display:grid;grid-template-columns:repeat(auto-fit,minmax(260px,1fr));gap:12px}figure{margin:0;break-inside:avoid}figure img{width:100%;height:auto;background:#dfe5e9}figcaption{color:#56636f;font-size:12px;white-space:pre-line}
.reply{display:flex;gap:16px;align-items:center;break-inside:avoid}.reply svg{width:112px;height:112px;flex:none}.sign{display:flex;gap:24px;margin-top:56px}.sign span{flex:1}
.mark{border:2px solid #b42318;color:#b42318;text-align:center;font-weight:700;padding:6px;margin-bottom:12px}@page{size:A4;margin:18mm}`;

function figure(own: FileCaption, src: string | null): string {
  const { width, height } = own.file;
  const caption = escapeHtml(own.caption);
  const picture =
    src === null
      ? `<p class="soft">${escapeHtml(own.missing)}</p>`
      : `<img src="${escapeHtml(src)}" alt="${escapeHtml(own.caption.split('\n')[0] ?? '')}" width="${width}" height="${height}">`;
  return `<figure>${picture}<figcaption>${caption}</figcaption></figure>`;
}

function blockHtml(block: DocumentBlock, srcOf: (sha256: string) => string | null): string {
  switch (block.type) {
    case 'facts':
      return `<dl>${block.rows.map(([label, value]) => `<dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd>`).join('')}</dl>`;
    case 'text':
      return `<p>${escapeHtml(block.text).replaceAll('\n', '<br>')}</p>`;
    case 'item':
      return `<p>· ${escapeHtml(block.text)}</p>`;
    case 'case':
      return `<h3>${escapeHtml(block.text)}</h3>`;
    case 'stills':
      return `<div class="stills">${block.files.map((own) => figure(own, srcOf(own.file.sha256))).join('')}</div>`;
    case 'reply':
      return `<div class="reply">${renderSVG(block.link, { ecc: 'M', border: 2 })}<a href="${escapeHtml(block.link)}">${escapeHtml(block.label)}</a></div>`;
    case 'signatures':
      return `<div class="sign">${block.labels.map((label) => `<span>${escapeHtml(label)}</span>`).join('')}</div>`;
  }
}

/**
 * @param srcOf address of a still; null while it has not arrived
 * @returns an HTML document; every text of people is escaped
 */
export function renderDocumentHtml(filled: FilledDocument, srcOf: (sha256: string) => string | null): string {
  const sections = filled.sections
    .map(
      ({ heading, blocks }) =>
        `<section><h2>${escapeHtml(heading)}</h2>${blocks.map((block) => blockHtml(block, srcOf)).join('')}</section>`,
    )
    .join('');
  const mark = filled.mark === null ? '' : `<p class="mark">${escapeHtml(filled.mark)}</p>`;
  return `<!doctype html><html lang="${filled.lang === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(filled.title)}</title><style>${style}</style></head>
<body><main>${mark}<h1>${escapeHtml(filled.title)}</h1><p class="soft sub">${escapeHtml(filled.subtitle)}</p>${sections}<p class="soft">${escapeHtml(filled.footer)}</p></main></body></html>`;
}
