/** SQL stands in hub/storage alone, and the API asks it only to read: `db` goes everywhere, so imports alone show neither. */
import { expect, test } from 'vitest';
import { isProductFile, type Source, sourcesIn } from './sources.ts';

const VERB = /\.(selectFrom|insertInto|updateTable|deleteFrom|replaceInto|mergeInto|executeQuery)\(|\bsql(<[^`]*>)?`/;
const WRITE = /\.(insertInto|updateTable|deleteFrom|replaceInto|mergeInto)\(|\binsertRows\(/;

const withSql = (sources: readonly Source[]) =>
  sources.filter(({ file, text }) => !file.startsWith('hub/storage/') && VERB.test(text)).map(({ file }) => file);

/** Functions of storage that write, by themselves or through another: name -> body, then closed over calls. */
function writersOf(storage: readonly Source[]): Set<string> {
  const bodies = storage.flatMap(({ text }) =>
    [...text.matchAll(/^(?:export )?(?:async )?function (\w+)[\s\S]*?^}/gm)].map(([body, name = '']) => ({
      name,
      body,
    })),
  );
  const writers = new Set(bodies.filter(({ body }) => WRITE.test(body)).map(({ name }) => name));
  for (let known = -1; known !== writers.size; ) {
    known = writers.size;
    for (const { name, body } of bodies)
      if ([...writers].some((writer) => writer !== name && body.includes(`${writer}(`))) writers.add(name);
  }
  return writers;
}

/** What a source imports from storage and may not: `file: name`. */
function writesFrom(sources: readonly Source[], writers: ReadonlySet<string>): string[] {
  return sources.flatMap(({ file, text }) =>
    [...text.matchAll(/^import \{([^}]*)\} from '[./]+\/storage\/[^']+'/gm)]
      .flatMap(([, names = '']) => names.split(',').map((name) => name.trim().split(' as ')[0] ?? ''))
      .filter((name) => writers.has(name))
      .map((name) => `${file}: ${name}`),
  );
}

const hub = sourcesIn(['hub'], (file) => isProductFile(file) && !file.startsWith('hub/console/'));
const writers = writersOf(hub.filter(({ file }) => file.startsWith('hub/storage/')));

test('SQL stands in hub/storage alone', () => {
  const planted = { file: 'hub/cases/row.ts', text: "await trx.selectFrom('cases').execute();" };
  const raw = { file: 'hub/notices/row.ts', text: 'await sql<Row>`select 1`.execute(db);' };
  expect(withSql([planted, raw])).toEqual([planted.file, raw.file]);
  expect(withSql(hub)).toEqual([]);
});

test('the API asks storage only to read', () => {
  expect([...writers]).toEqual(expect.arrayContaining(['writeCases', 'appendHistory', 'raiseNodeAccessVersion']));
  expect(writers.has('casesByIds')).toBe(false);
  const planted = {
    file: 'hub/api/routes/row.ts',
    text: "import {\n  casesByIds,\n  type CaseRow,\n  writeCases,\n} from '../../storage/cases.ts';",
  };
  expect(writesFrom([planted], writers)).toEqual(['hub/api/routes/row.ts: writeCases']);
  expect(
    writesFrom(
      hub.filter(({ file }) => file.startsWith('hub/api/')),
      writers,
    ),
  ).toEqual([]);
});
