import { expect, it } from 'vitest';
import { createDisposer } from './disposer.ts';

it('undoes last first, goes on past a failure, and rejects with the first one', async () => {
  const done: string[] = [];
  const disposer = createDisposer();
  disposer.add('database', () => done.push('database'));
  disposer.add('server', () => Promise.reject(new Error('busy')));
  disposer.add('timer', () => {
    disposer.add('late', () => done.push('late'));
    done.push('timer');
  });
  await expect(disposer.dispose()).rejects.toThrow('busy');
  expect(done).toEqual(['timer', 'late', 'database']);
  await disposer.dispose();
  expect(done).toHaveLength(3);
});

it('hands failures to whoever asked for them', async () => {
  const told: [string, unknown][] = [];
  const disposer = createDisposer((name, error) => told.push([name, error]));
  disposer.add('server', () => {
    throw new Error('busy');
  });
  await disposer.dispose();
  expect(told).toEqual([['server', new Error('busy')]]);
});
