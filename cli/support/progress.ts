/** Progress of long work on standard error: nothing for what is quick, then a line now and then. */

const FIRST_MS = 2000;
const EVERY_MS = 2000;

/** @returns to be called as often as one likes; `total` is null where nobody knows it */
export function createProgress(now: () => number = () => performance.now()) {
  let next = now() + FIRST_MS;
  return (what: string, done: number, total: number | null): void => {
    if (now() < next) return;
    next = now() + EVERY_MS;
    process.stderr.write(`${what}: ${done}${total === null ? '' : ` of ${total}`}\n`);
  };
}
