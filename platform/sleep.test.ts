import { expect, it } from 'vitest';
import { createRest, sleep, within } from './sleep.ts';

it('sleeps its time out, and not a moment once the signal has aborted', async () => {
  const began = performance.now();
  await sleep(30);
  expect(performance.now() - began).toBeGreaterThan(25);
  const stop = new AbortController();
  const cut = sleep(3_600_000, stop.signal);
  stop.abort();
  await cut;
  await sleep(3_600_000, stop.signal);
});

it('is woken by others, again and again', async () => {
  const rest = createRest();
  rest.wake();
  for (let i = 0; i < 3; i++) {
    const asleep = rest.sleep(3_600_000);
    rest.wake();
    await asleep;
  }
});

it('work is waited for no longer than said, and its fault is heard', async () => {
  const begun = performance.now();
  await within(60_000, Promise.resolve());
  await within(1, new Promise(() => {}));
  expect(performance.now() - begun).toBeLessThan(30_000);
  await expect(within(60_000, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
});
