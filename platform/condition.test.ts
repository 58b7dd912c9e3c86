import { expect, test } from 'vitest';
import { createCondition } from './condition.ts';

test('whoever waits for a fact goes on once it holds, and not when another does', async () => {
  const changed = createCondition();
  let count = 0;
  const passed: string[] = [];
  const waits = [
    changed.until(() => count >= 1).then((held) => passed.push(`one ${held}`)),
    changed.until(() => count >= 2).then((held) => passed.push(`two ${held}`)),
  ];
  changed.check();
  count = 1;
  changed.check();
  await waits[0];
  expect(passed).toEqual(['one true']);
  count = 2;
  changed.check();
  await waits[1];
  expect(passed).toEqual(['one true', 'two true']);
});

test('a fact that holds is not waited for, and one that never comes no longer than said', async () => {
  const changed = createCondition();
  expect(await changed.until(() => true)).toBe(true);
  expect(await changed.until(() => false, 1)).toBe(false);
});
