/** A disk that is really full: one clear code, nothing half-written, and once there is room the chain goes on without a gap. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GENESIS, type ViolationEvent } from '../../contracts/event.ts';
import { writeWhole } from '../../edge/evidence/evidence-files.ts';
import { openOutbox } from '../../edge/outbox/index.ts';
import { systemClock } from '../../platform/clock.ts';
import { createLog } from '../../platform/log.ts';
import { deriveNodeKey, eventHash } from '../../platform/signing.ts';
import { needs } from '../needs.ts';
import { stallDraft } from './drafts.ts';

const batch = (n: number) => ({ drafts: [stallDraft(n)], files: [], states: [{ name: 'line', json: `{"n":${n}}` }] });

describe.skipIf(!needs('tmpfs'))('a full disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-full-'));
  const filler = join(folder, 'filler');
  const key = deriveNodeKey('node-1');
  const log = createLog({ level: 'silent' });

  beforeAll(() => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder]);
  });
  afterAll(() => {
    execFileSync('umount', [folder]);
    rmSync(folder, { recursive: true, force: true });
  });

  /** Takes every byte that is left. */
  function fill(): void {
    const file = openSync(filler, 'w');
    for (let size = 65_536; size >= 1; size = size >> 1) {
      try {
        for (;;) writeSync(file, Buffer.alloc(size));
      } catch (error) {
        expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
      }
    }
    closeSync(file);
  }

  test('findings are refused with EDGE_DISK_FULL and taken later, in one chain', () => {
    const outbox = openOutbox({ file: join(folder, 'outbox.db'), node: 'node-1', key, clock: systemClock, log });
    const [first] = outbox.append(batch(1));
    fill();
    let taken = 1;
    // Pages that the file holds already may still take a few.
    expect(() => {
      for (let n = 2; n < 500; n++) {
        outbox.append(batch(n));
        taken = n;
      }
    }).toThrow(expect.objectContaining({ code: 'EDGE_DISK_FULL' }));
    rmSync(filler);
    const [next] = outbox.append(batch(taken + 1));
    expect(next?.seq).toBe(taken + 1);
    const rows = outbox.pending(1000).map((row) => JSON.parse(row.body) as ViolationEvent);
    expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: taken + 1 }, (_, i) => i + 1));
    expect(first?.chain.prev).toBe(GENESIS);
    for (let i = 1; i < rows.length; i++) expect(rows[i]?.chain.prev).toBe(eventHash(rows[i - 1] as ViolationEvent));
    expect(outbox.loadState('line')).toBe(`{"n":${taken + 1}}`);
    outbox.close();
  });

  test('evidence is whole or not there', async () => {
    fill();
    const file = join(folder, 'stills', 'still.jpg');
    await expect(writeWhole(file, randomBytes(300_000))).rejects.toMatchObject({ code: 'EDGE_DISK_FULL' });
    rmSync(filler);
    await writeWhole(file, randomBytes(300_000));
    expect(readdirSync(join(folder, 'stills'))).toEqual(['still.jpg']);
  });
});
