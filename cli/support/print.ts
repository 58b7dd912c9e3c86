/** Results on standard output: JSON for a program, words for a person. */

/** One object of JSON in one line, or the words as they are. */
export function print(json: boolean | undefined, value: unknown, words: string): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : words);
}

type Row = Readonly<Record<string, unknown>>;

/** Rows as they come for a person, one array at the end for a program. @returns all of them */
export async function printRows(json: boolean, rows: AsyncIterable<Row>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const row of rows) {
    all.push(row);
    if (json) continue;
    const cells = Object.values(row)
      .filter((value) => value !== null)
      .map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)));
    process.stdout.write(`${cells.join('  ')}\n`);
  }
  if (json) process.stdout.write(`${JSON.stringify(all)}\n`);
  return all;
}
