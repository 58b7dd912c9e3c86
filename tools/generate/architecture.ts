/** The table of rooms in docs/architecture.md, made from the walls. */
import { rooms } from '../walls/rooms.mjs';

const BEGIN = '<!-- rooms: made by `npm run generate` from tools/walls/rooms.mjs -->';
const END = '<!-- end of rooms -->';

const folder = (name: string) => `\`${name.endsWith('/*') ? name.slice(0, -1) : `${name}/`}\``;

/** Rooms by their names, those of one storey in one cell. */
function importsOf(imports: readonly string[]): string {
  if (imports.includes('*')) return 'anything';
  return imports
    .map((name) => (name.endsWith('/*') ? `\`${name.slice(0, -2)}\` (its own files)` : `\`${name}\``))
    .join(', ');
}

/** @param page docs/architecture.md as it is; what stands around the table is written by hand */
export function architecturePage(page: string): string {
  const [head, rest] = page.split(BEGIN);
  const tail = rest?.split(END)[1];
  if (head === undefined || tail === undefined) throw new Error(`docs/architecture.md has no ${BEGIN} … ${END}`);
  const rows = rooms.map(
    ({ name, holds, imports, pure }) =>
      `| ${folder(name)} | ${holds}${pure ? ' · pure' : ''} | ${importsOf(imports) || 'TypeBox alone'} |`,
  );
  return `${head}${BEGIN}\n\n| room | what it holds | may import |\n|---|---|---|\n${rows.join('\n')}\n\n${END}${tail}`;
}
