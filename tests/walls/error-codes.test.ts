/** The catalogue and the program agree both ways: every code is given somewhere, and none is named that is not in it. */
import { expect, test } from 'vitest';
import { errors } from '../../contracts/errors.ts';
import { isProductFile, sourcesIn } from './sources.ts';

const rooms = ['platform', 'edge', 'hub', 'cli', 'evaluation', 'demo', 'sim'];

/** The console shows codes and gives none. */
const gives = (file: string) => isProductFile(file) && !file.startsWith('hub/console/');
const COMMENT = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm;
const text = sourcesIn(rooms, gives)
  .map((source) => source.text)
  .join('\n');
const code = text.replace(COMMENT, '');

/** As a value, or at the head of a line for the log. */
const ungiven = (source: string) =>
  Object.keys(errors).filter((name) => !source.includes(`'${name}'`) && !source.includes(`'${name}: `));

test('every code of the catalogue is given by the program, not by its comments alone', () => {
  expect(ungiven(code)).toEqual([]);
  const [some = ''] = Object.keys(errors);
  expect(ungiven(code.replaceAll(`'${some}'`, "''"))).toEqual([some]);
});

test('what a comment says is thrown stands in the catalogue; `*` ends the name of a family', () => {
  const named = [...text.matchAll(/@throws ((?:(?:, )?[A-Z]+_[A-Z0-9_]+\*?)+)/g)].flatMap(([, list = '']) =>
    list.split(', '),
  );
  const known = (name: string) =>
    name.endsWith('*')
      ? Object.keys(errors).some((entry) => entry.startsWith(name.slice(0, -1)))
      : Object.hasOwn(errors, name);
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter((name) => !known(name))).toEqual([]);
  expect(known('API_NO_SUCH_CODE')).toBe(false);
});
