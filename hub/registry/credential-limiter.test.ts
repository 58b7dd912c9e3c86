/** Turns at the gate: who floods it waits behind himself. */
import { expect, test } from 'vitest';
import { createCredentialLimiter } from './credential-limiter.ts';

const limits = { running: 1, runningPerSource: 1, perSource: 3, total: 5, refuseMs: 0 };

/** Checks that end when they are told to, and the order in which they began. */
function createChecks() {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  return {
    begun,
    check: (name: string) => () => {
      begun.push(name);
      return new Promise<string>((resolve) => ends.push(() => resolve(name)));
    },
    endOne: () => ends.shift()?.(),
  };
}

test('sources take turns, whoever came first with many', async () => {
  const limiter = createCredentialLimiter(limits);
  const { begun, check, endOne } = createChecks();
  const asked = ['a1', 'a2', 'a3', 'b1'].map((name) => limiter.turn(name[0] ?? '', check(name)));
  for (const one of asked) void one;
  for (let i = 0; i < 4; i += 1) {
    await expect.poll(() => begun.length).toBe(i + 1);
    endOne();
  }
  expect(await Promise.all(asked)).toEqual(['a1', 'a2', 'a3', 'b1']);
  expect(begun).toEqual(['a1', 'a2', 'b1', 'a3']);
});

test('a source with too many waiting is refused, another is not; and all together have an end', async () => {
  const limiter = createCredentialLimiter(limits);
  const { check, endOne, begun } = createChecks();
  const kept = ['a1', 'a2', 'a3'].map((name) => limiter.turn('a', check(name)));
  expect(await limiter.turn('a', check('a4'))).toBe('busy');
  kept.push(...['b1', 'b2', 'b3'].map((name) => limiter.turn('b', check(name))));
  expect(await limiter.turn('c', check('c1'))).toBe('busy');
  for (let i = 0; i < 6; i += 1) {
    await expect.poll(() => begun.length).toBe(i + 1);
    endOne();
  }
  expect(await Promise.all(kept)).toHaveLength(6);
  const last = limiter.turn('a', check('a5'));
  await expect.poll(() => begun.at(-1)).toBe('a5');
  endOne();
  expect(await last).toBe('a5');
});

test('a check that fails gives its turn on', async () => {
  const limiter = createCredentialLimiter(limits);
  await expect(limiter.turn('a', () => Promise.reject(new Error('no database')))).rejects.toThrow('no database');
  expect(await limiter.turn('a', async () => 'next')).toBe('next');
});
