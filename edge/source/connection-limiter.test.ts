import { expect, test, vi } from 'vitest';
import { createConnectionLimiter } from './connection-limiter.ts';

/** Lets cameras in and notes at which ms; each stays for `stayMs`, or for ever. */
async function crowd(size: number, stayMs: number | null, ms: number) {
  vi.useFakeTimers();
  try {
    const limiter = createConnectionLimiter({ atOnce: 4, spacingMs: 50, holdMs: 2000 });
    const began = performance.now();
    const at: number[] = [];
    let inside = 0;
    let most = 0;
    const enter = async () => {
      const leave = await limiter.enter();
      at.push(performance.now() - began);
      most = Math.max(most, ++inside);
      if (stayMs === null) return;
      await new Promise((done) => setTimeout(done, stayMs));
      inside--;
      leave();
      leave();
    };
    const all = Array.from({ length: size }, enter);
    await vi.advanceTimersByTimeAsync(ms);
    if (stayMs !== null) await Promise.all(all);
    return { at, most };
  } finally {
    vi.useRealTimers();
  }
}

test('cameras that answer are through one spacing apart', async () => {
  const { at, most } = await crowd(73, 100, 10_000);
  expect(at).toHaveLength(73);
  expect(most).toBeLessThanOrEqual(4);
  for (let i = 1; i < at.length; i++) expect((at[i] ?? 0) - (at[i - 1] ?? 0)).toBeGreaterThanOrEqual(49);
  expect(at.at(-1)).toBeLessThan(73 * 50 + 50);
});

test('slow ones bound how many connect at once, and leaving twice frees one place', async () => {
  const { at, most } = await crowd(20, 1000, 20_000);
  expect(at).toHaveLength(20);
  expect(most).toBe(4);
});

test('dead ones hold their place for a while and no longer', async () => {
  const { at } = await crowd(12, null, 10_000);
  expect(at).toHaveLength(12);
  expect(at.at(-1)).toBeLessThan(3 * 2000);
});
