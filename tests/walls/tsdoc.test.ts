/** Exported functions of the rooms that others build on say what they take and give: shapes, units, errors, source. */
import ts from 'typescript';
import { expect, test } from 'vitest';
import { sourcesIn } from './sources.ts';

const rooms = [
  'contracts',
  'platform',
  ...['domain', 'geometry', 'tracker', 'detectors', 'rules', 'models'].map((room) => `edge/${room}`),
  ...['cases', 'dedupe', 'storage'].map((room) => `hub/${room}`),
];

const isFunction = (node: ts.Expression | undefined) =>
  node !== undefined && (ts.isArrowFunction(node) || ts.isFunctionExpression(node));

/** Names of the functions that a statement exports. */
function exportedFunctions(statement: ts.Statement): string[] {
  const exported =
    ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword);
  if (!exported) return [];
  if (ts.isFunctionDeclaration(statement)) return [statement.name?.text ?? 'default'];
  if (!ts.isVariableStatement(statement)) return [];
  const { declarations } = statement.declarationList;
  return declarations.flatMap(({ name, initializer }) => (isFunction(initializer) ? [name.getText()] : []));
}

/** Functions without a comment of their own; the head of the file, with a blank line after it, is none. */
function undocumented(file: string, text: string): { readonly all: number; readonly bare: string[] } {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found = { all: 0, bare: [] as string[] };
  for (const statement of source.statements) {
    const names = exportedFunctions(statement);
    found.all += names.length;
    const comments = ts.getLeadingCommentRanges(text, statement.getFullStart()) ?? [];
    const own = comments.some(
      ({ pos, end }) => text.startsWith('/**', pos) && !text.slice(end, statement.getStart()).includes('\n\n'),
    );
    if (!own) found.bare.push(...names.map((name) => `${file}: ${name}`));
  }
  return found;
}

test('a function without a comment is found', () => {
  const text =
    '/** Head. */\n\nexport const a = () => 1;\nexport function b() {}\n/** Says. */\nexport function c() {}\nexport const d = 1;\n';
  expect(undocumented('x.ts', text)).toEqual({ all: 3, bare: ['x.ts: a', 'x.ts: b'] });
});

test('every exported function says what it takes and gives', () => {
  const found = sourcesIn(rooms).map(({ file, text }) => undocumented(file, text));
  expect(found.reduce((sum, { all }) => sum + all, 0)).toBeGreaterThan(300);
  expect(found.flatMap(({ bare }) => bare)).toEqual([]);
});
