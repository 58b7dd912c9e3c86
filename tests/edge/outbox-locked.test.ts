/** Another program holds the outbox file: the node is told at once and by a code, and goes on where it was. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openOutbox } from '../../edge/outbox/index.ts';
import { systemClock } from '../../platform/clock.ts';
import { createLog } from '../../platform/log.ts';
import { deriveNodeKey } from '../../platform/signing.ts';
import { stallDraft } from './drafts.ts';

const log = createLog({ level: 'silent' });

test('a lock is EDGE_OUTBOX_BUSY within a fraction of a second, for every write, and changes nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-locked-'));
  const file = join(folder, 'outbox.db');
  const outbox = openOutbox({ file, node: 'node-1', key: deriveNodeKey('node-1'), clock: systemClock, log });
  const batch = (n: number) => ({ drafts: [stallDraft(n)], files: [], states: [] });
  const [first] = outbox.append(batch(1));
  if (!first) throw new Error('one event was expected');
  const other = new Sqlite(file);
  other.exec('BEGIN IMMEDIATE');
  const writes = [
    () => outbox.append(batch(2)),
    () => outbox.settle([{ id: first.id, rev: first.rev, seq: first.seq, status: 'stored' }]),
    () => outbox.evidenceDelivered('f'.repeat(64), 1),
    () => outbox.forgetHeads(1),
  ];
  for (const write of writes) {
    const began = performance.now();
    expect(write).toThrow(expect.objectContaining({ code: 'EDGE_OUTBOX_BUSY' }));
    // Before, the cameras stood still for five seconds at each.
    expect(performance.now() - began).toBeLessThan(2000);
  }
  expect(outbox.depth().depth).toBe(1);
  other.exec('ROLLBACK');
  other.close();
  expect(outbox.append(batch(2))[0]?.seq).toBe(2);
  outbox.close();
  rmSync(folder, { recursive: true, force: true });
});
