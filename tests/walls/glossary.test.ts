/** The words of docs/glossary.md: those that are not used stay out, and an exported type has one meaning in the house. */
import { expect, test } from 'vitest';
import { type Source, sourcesIn } from './sources.ts';

const rooms = ['contracts', 'platform', 'edge', 'hub', 'evaluation', 'cli', 'demo', 'sim', 'bench', 'tools', 'tests'];

/** Identifiers and file names, whole or as a part; what stands on the wire or on disk is named in `KEPT`. */
const BANNED =
  /\b(LEAST|MOST|FURTHEST|FEWEST)_[A-Z]|[Ff]ar-?[Ll]ooks?\b|[Ll]ook-?([Oo]rder|[Qq]ueue|[Ww]aits|[Uu]rgency)|\b[Pp]urse|[Dd]etail-?[Bb]udget|[Ss]tall-?[Ww]atch|([Cc]hange|[Ss]tart|[Cc]redential)-?[Gg]ate\b|[Ss]tillWish|[Ss]till-?[Kk]eeper|[Ll]et-?[Gg]o\b|createClosing|\bisTold\b|\bsayingOf\b|[Cc]rashNet|\bMend\b/;

/** This file names them; migrations and saved states are as old as they are. */
const KEPT = /tests\/walls\/glossary\.test\.ts$|hub\/storage\/migrations\//;

function bannedIn(sources: readonly Source[]): string[] {
  return sources
    .filter(({ file }) => !KEPT.test(file))
    .flatMap(({ file, text }) => [
      ...(BANNED.test(file) ? [file] : []),
      ...text.split('\n').flatMap((line, i) => (BANNED.test(line) ? [`${file}:${i + 1}: ${line.trim()}`] : [])),
    ]);
}

/** Names of types that two files export, each with its files. */
function homonymsIn(sources: readonly Source[]): string[] {
  const files = new Map<string, string[]>();
  for (const { file, text } of sources) {
    if (/\.test\.tsx?$|^tests\/|\/fixtures\//.test(file)) continue;
    const names = new Set(
      [...text.matchAll(/^export (?:type|interface|class) (\w+)/gm)].map(([, name]) => name as string),
    );
    for (const name of names) files.set(name, [...(files.get(name) ?? []), file]);
  }
  return [...files].filter(([, own]) => own.length > 1).map(([name, own]) => `${name}: ${own.join(', ')}`);
}

const sources = sourcesIn(rooms, (file) => /\.(tsx?|mjs|py|css)$/.test(file));

test('words that the glossary puts aside are not used', () => {
  expect(sources.length).toBeGreaterThan(500);
  const planted = [
    { file: 'edge/x/look-queue.ts', text: 'export const a = 1;\n' },
    { file: 'edge/x/y.ts', text: 'const LEAST_AREA = 1;\nconst letGo = 1;\n' },
  ];
  expect(bannedIn(planted)).toHaveLength(3);
  expect(bannedIn(sources)).toEqual([]);
});

test('an exported type means one thing in the whole house', () => {
  const planted = ['a', 'b'].map((name) => ({ file: `hub/${name}.ts`, text: 'export type Verdict = 1;\n' }));
  expect(homonymsIn(planted)).toEqual(['Verdict: hub/a.ts, hub/b.ts']);
  expect(homonymsIn(sources)).toEqual([]);
});
