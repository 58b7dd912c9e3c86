/** A whole edge process whose clock is set while a stall stands before a live camera: one event, at the dwell, one line. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, describe, expect, test } from 'vitest';
import type { ViolationEvent } from '../../contracts/event.ts';
import { loadClips } from '../../demo/clips.ts';
import { packageRoot } from '../../platform/paths.ts';
import { temporaryFolder, writeConfig } from '../e2e/stage.ts';
import { faketimeLibrary, needs } from '../needs.ts';
import { freePort, run, until } from '../processes.ts';

const CLIP = 'stall-day';
const folder = temporaryFolder('clock-steps');
afterAll(folder.remove);

function look<T>(dataDir: string, read: (db: Sqlite.Database) => T): T {
  const db = new Sqlite(join(dataDir, 'outbox.db'), { readonly: true });
  try {
    return read(db);
  } finally {
    db.close();
  }
}

/** Camera time of the last frame that is saved, ms, or null. */
const savedAt = (dataDir: string, camera: string): number | null =>
  look(dataDir, (db) => {
    const json = db.prepare('SELECT json FROM states WHERE name = ?').pluck().get(`line/${camera}`);
    return typeof json === 'string' ? (JSON.parse(json) as { at: number }).at : null;
  });

const eventsOf = (dataDir: string) =>
  look(dataDir, (db) =>
    (db.prepare('SELECT body FROM events ORDER BY seq').pluck().all() as string[]).map(
      (body) => JSON.parse(body) as ViolationEvent,
    ),
  );

/** A node that watches the clip as a camera, and a file that says how far its clock is off. */
async function startNode(name: string) {
  const clip = loadClips().find(({ file }) => file.endsWith(`${CLIP}.mp4`));
  const violation = clip?.truth.violations[0];
  if (!clip || !violation) throw new Error(`${CLIP} with a violation is shipped`);
  const { id, kind, zones } = clip.truth.camera;
  const dataDir = join(folder.path, name);
  const offset = join(folder.path, `${name}.offset`);
  writeFileSync(offset, '+0');
  const port = await freePort();
  const config = writeConfig(join(folder.path, `${name}.yaml`), {
    node: name,
    dataDir,
    modelsDir: join(packageRoot(), 'models'),
    model: 'kerb-s',
    // Nobody listens: what was found stays in the outbox.
    uplink: { mqtt: `mqtt://127.0.0.1:${port}`, password: 'env:STEPPED', evidence: `http://127.0.0.1:${port}` },
    cameras: [{ id, kind, source: { url: clip.file, cadence: 2 }, zones }],
  });
  const node = run(
    process.execPath,
    ['--import', 'tsx', join(packageRoot(), 'cli', 'main.ts'), 'edge', '--config', config],
    {
      STEPPED: 'password-of-nobody',
      LD_PRELOAD: faketimeLibrary() ?? '',
      FAKETIME_TIMESTAMP_FILE: offset,
      FAKETIME_NO_CACHE: '1',
      DONT_FAKE_MONOTONIC: '1',
      KERBWATCH_LOG: 'info',
    },
  );
  return {
    camera: id,
    violation,
    node,
    saved: () => savedAt(dataDir, id),
    events: () => eventsOf(dataDir),
    set: (seconds: number) => writeFileSync(offset, `${seconds < 0 ? '' : '+'}${seconds}`),
  };
}

async function stepInMidDwell(seconds: number): Promise<void> {
  const { node, violation, saved, events, set } = await startNode(`node${seconds}`);
  try {
    const first = await until('the first frame is saved', saved, 120_000);
    // The stall stands since a few seconds, and has some to go.
    const middle = 1000 * (violation.dueAt - 6);
    await until('it stands', () => (saved() ?? 0) - first > 8000);
    expect((saved() ?? 0) - first).toBeLessThan(middle + 4000);
    expect(events()).toEqual([]);
    set(seconds);
    const event = await until('the event', () => events()[0] ?? null);
    expect(event).toMatchObject({ kind: 'road-stall', phase: 'start', clock: { source: 'unknown' } });
    const at = (time: string) => (Date.parse(time) - first) / 1000;
    expect(at(event.startedAt)).toBeGreaterThan(violation.from - 1);
    expect(at(event.startedAt)).toBeLessThan(violation.dueAt - 8);
    expect(Math.abs(at(event.at) - violation.dueAt)).toBeLessThan(4);
    expect(Math.abs(event.clock.offsetMs / 1000 + seconds)).toBeLessThan(3);
    const said = node
      .output()
      .split('\n')
      .filter((line) => line.includes('clock has stepped'));
    expect(said).toHaveLength(1);
  } catch (error) {
    throw new Error(`${String(error)}\n${node.output().slice(-3000)}`, { cause: error });
  } finally {
    await node.kill('SIGKILL');
  }
}

describe.skipIf(!needs('ffmpeg') || !needs('faketime'))('the clock of a node is set in mid-dwell', () => {
  test('eight hours back, a day forward', { timeout: 240_000 }, async () => {
    // Both to their ends: each has a process to stop.
    const results = await Promise.allSettled([stepInMidDwell(-8 * 3600), stepInMidDwell(24 * 3600)]);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  });
});
