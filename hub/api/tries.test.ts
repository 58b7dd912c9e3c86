/** Tries are counted for each key, whatever other keys and clocks do. */
import { expect, test } from 'vitest';
import { createLoginLimits } from './login-limits.ts';
import { createTries } from './tries.ts';

const refused = (take: () => void): boolean => {
  try {
    take();
    return false;
  } catch {
    return true;
  }
};

test('ten thousand other keys wipe no counter that is in use', () => {
  const tries = createTries(3, () => 0);
  const seen: boolean[] = [];
  for (let round = 0; round < 4; round += 1) {
    seen.push(refused(() => tries.take('guesser')));
    for (let i = 0; i < 10_001; i += 1) tries.take(`other ${round} ${i}`);
  }
  expect(seen).toEqual([false, false, false, true]);
});

test('a window ends after a minute, and a try that was no guess does not count', () => {
  let now = 0;
  const tries = createTries(1, () => now);
  tries.take('a');
  expect(refused(() => tries.take('a'))).toBe(true);
  now = 60_001;
  expect(refused(() => tries.take('a'))).toBe(false);
  tries.giveBack('a');
  expect(refused(() => tries.take('a'))).toBe(false);
});

test('whatever strangers guess at a name, its owner comes in from elsewhere; each stranger has few tries', async () => {
  const limits = createLoginLimits(0);
  const wrong = async () => null;
  let checked = 0;
  for (let stranger = 0; stranger < 20; stranger += 1)
    for (let i = 0; i < 10; i += 1) {
      const before = checked;
      await limits
        .attempt('admin', `10.0.0.${stranger}`, () => {
          checked += 1;
          return wrong();
        })
        .catch(() => {});
      if (checked === before) break;
    }
  expect(checked).toBeLessThanOrEqual(5 * 10 + 16 * 3);
  expect(await limits.attempt('admin', '10.9.9.9', async () => 'in')).toBe('in');
});

test('forty people behind one address come in at once; guesses from there are stopped', async () => {
  const limits = createLoginLimits(0);
  for (let i = 0; i < 40; i += 1) expect(await limits.attempt(`user${i}`, '10.0.0.1', async () => 'in')).toBe('in');
  let answered = 0;
  for (let i = 0; i < 31; i += 1)
    await limits
      .attempt(`name${i}`, '10.0.0.1', async () => null)
      .then(
        () => {
          answered += 1;
        },
        () => {},
      );
  expect(answered).toBe(30);
});
