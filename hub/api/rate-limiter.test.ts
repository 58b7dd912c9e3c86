/** Attempts are counted for each key, whatever other keys and clocks do. */
import { expect, test } from 'vitest';
import { createLoginLimits } from './login-limits.ts';
import { createRateLimiter } from './rate-limiter.ts';

const refused = (take: () => void): boolean => {
  try {
    take();
    return false;
  } catch {
    return true;
  }
};

test('ten thousand other keys wipe no counter that is in use', () => {
  const limiter = createRateLimiter(3, () => 0);
  const seen: boolean[] = [];
  for (let round = 0; round < 4; round += 1) {
    seen.push(refused(() => limiter.take('guesser')));
    for (let i = 0; i < 10_001; i += 1) limiter.take(`other ${round} ${i}`);
  }
  expect(seen).toEqual([false, false, false, true]);
});

test('a window ends after a minute, and an attempt that was no guess does not count', () => {
  let now = 0;
  const limiter = createRateLimiter(1, () => now);
  limiter.take('a');
  expect(refused(() => limiter.take('a'))).toBe(true);
  now = 60_001;
  expect(refused(() => limiter.take('a'))).toBe(false);
  limiter.refund('a');
  expect(refused(() => limiter.take('a'))).toBe(false);
});

test('whatever others guess at a name, its owner comes in from elsewhere; each address has few attempts', async () => {
  const limits = createLoginLimits(0);
  const wrong = async () => null;
  let checked = 0;
  for (let host = 0; host < 20; host += 1)
    for (let i = 0; i < 10; i += 1) {
      const before = checked;
      await limits
        .attempt('admin', `10.0.0.${host}`, () => {
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
