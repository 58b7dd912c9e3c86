/** Rounds in which every contender has its turn, so that what else the machine does falls on all of them. */

export type Contender<T> = { readonly name: string; readonly run: () => Promise<T> };

/**
 * One result a round for each contender, in the order of `contenders`. Every second round goes backwards: a load that
 * grows steadily then favours nobody.
 */
export async function interleave<T>(contenders: readonly Contender<T>[], rounds: number): Promise<T[][]> {
  const results: T[][] = contenders.map(() => []);
  for (let round = 0; round < rounds; round++) {
    const order = contenders.map((_, at) => (round % 2 === 0 ? at : contenders.length - 1 - at));
    for (const at of order) {
      const { name, run } = contenders[at] as Contender<T>;
      process.stderr.write(`  round ${round + 1} of ${rounds}: ${name}\n`);
      results[at]?.push(await run());
    }
  }
  return results;
}
