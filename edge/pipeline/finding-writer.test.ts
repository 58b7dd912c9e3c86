import { expect, test, vi } from 'vitest';
import { AppError } from '../../platform/app-error.ts';
import { createLog } from '../../platform/log.ts';
import type { Batch, EventDraft } from '../outbox/index.ts';
import { createFindingWriter, type Found } from './finding-writer.ts';

const found = (name: string): Found => ({ stills: [], toDraft: () => ({ id: name }) as unknown as EventDraft });

function stage(reserve: () => Promise<void> = async () => {}, append: (batch: Batch) => unknown = () => {}) {
  const written: string[] = [];
  const troubles: (string | null)[] = [];
  const writer = createFindingWriter({
    stateName: 's',
    writeStills: async () => [],
    fileOf: () => '',
    reserve,
    append: (batch) => {
      append(batch);
      written.push([...batch.drafts.map(({ id }) => id), batch.states[0]?.json].join(' '));
    },
    onTrouble: (fault) => troubles.push(fault?.code ?? null),
    random: () => 0,
    log: createLog({ level: 'silent' }),
  });
  return { writer, written, troubles };
}

test('findings go with their state, in order', async () => {
  const { writer, written } = stage();
  await writer.put({ found: [found('a')], stateJson: '1' });
  await writer.put({ found: [found('b'), found('c')], stateJson: '2' });
  await writer.flush();
  expect(written).toEqual(['a 1', 'b c 2']);
  expect(writer.latestState()).toBeNull();
});

test('a full disk is told, waited out and lost nothing; states that wait alone give way to newer ones', async () => {
  vi.useFakeTimers();
  try {
    let full = true;
    const { writer, written, troubles } = stage(async () => {
      if (full) throw new AppError('EDGE_DISK_FULL', 'test');
    });
    await writer.put({ found: [found('a')], stateJson: '1' });
    await writer.put({ found: [], stateJson: '2' });
    await writer.put({ found: [], stateJson: '3' });
    await vi.advanceTimersByTimeAsync(3000);
    expect(written).toEqual([]);
    expect(troubles).toContain('EDGE_DISK_FULL');
    expect(writer.latestState()).toBe('3');
    full = false;
    await vi.advanceTimersByTimeAsync(30_000);
    await writer.flush();
    expect(written).toEqual(['a 1', '3']);
    expect(troubles.at(-1)).toBeNull();
  } finally {
    vi.useRealTimers();
  }
});

test('what was counted with a state that gives way goes with the newer one', async () => {
  let full = true;
  const batches: Batch[] = [];
  const { writer } = stage(undefined, (batch) => {
    if (full) throw new AppError('EDGE_DISK_FULL', 'test');
    batches.push(batch);
  });
  const zone = { camera: 'cam', zone: 'gate', kind: 'muck-truck' as const, hour: 0 };
  for (let i = 1; i <= 5; i++) {
    const hours = [{ ...zone, watchedMs: 10_000, statistics: { passes: i } }];
    await writer.put({ found: [], stateJson: String(i), hours });
  }
  full = false;
  expect(await writer.close()).toBe(0);
  expect(batches.map(({ states }) => states[0]?.json)).toEqual(['1', '5']);
  expect(batches.flatMap(({ hours }) => hours)).toEqual([
    { ...zone, watchedMs: 10_000, statistics: { passes: 1 } },
    { ...zone, watchedMs: 40_000, statistics: { passes: 14 } },
  ]);
});

test('at the bound the line waits instead of losing a finding; closing says how much is left', async () => {
  const { writer } = stage(async () => {
    throw new AppError('EDGE_DISK_FULL', 'test');
  });
  let taken = 0;
  const feeding = (async () => {
    for (let i = 0; i < 100; i++) {
      await writer.put({ found: [found(String(i))], stateJson: String(i) });
      taken++;
    }
  })();
  const refused = expect(feeding).rejects.toThrow(/test/);
  await vi.waitUntil(() => writer.waiting() === 32);
  expect(await writer.close()).toBe(32);
  await refused;
  expect(taken).toBe(31);
});

test('what cannot be written at any later time breaks the line instead of being tried for ever', async () => {
  const fault = new AppError('EDGE_OUTBOX', 'test', { faults: [{ path: 'score', message: 'too large' }] });
  const { writer } = stage(undefined, () => {
    throw fault;
  });
  await writer.put({ found: [found('a')], stateJson: '1' }).catch(() => {});
  await expect(writer.flush()).rejects.toBe(fault);
  await expect(writer.put({ found: [], stateJson: '2' })).rejects.toBe(fault);
  expect(writer.isBroken()).toBe(true);
});
