/**
 * `kill -9` of a real edge process in mid-dwell, for each violation: what it knew is saved every ten seconds and taken
 * up again, so that the event comes once and begins where it began, and each gate pass is counted once.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, describe, expect, test } from 'vitest';
import type { ViolationEvent } from '../../contracts/event.ts';
import { type ViolationKind, violationKinds } from '../../contracts/violations/index.ts';
import { type DemoClip, loadClips } from '../../demo/clips.ts';
import type { CameraConfig } from '../../edge/config.ts';
import { figuresOf, type HourTally, hourOf, mergeTallies } from '../../edge/domain/hour-tally.ts';
import { replayClip } from '../../edge/replay.ts';
import { createLog } from '../../platform/log.ts';
import { packageRoot } from '../../platform/paths.ts';
import { temporaryFolder, writeConfig } from '../e2e/stage.ts';
import { needs } from '../needs.ts';
import { freePort, type Running, run, until } from '../processes.ts';

const NODE = 'killed-node';
const START = Date.UTC(2026, 0, 1);
/** Enough for every rule, and quick. */
const CADENCE = 2;
/** The line saves its state this often (edge/pipeline/camera-line.ts). */
const SAVE_S = 10;
const WAIT_MS = 240_000;
const folder = temporaryFolder('mid-dwell');
afterAll(folder.remove);

function cameraOf({ file, truth }: DemoClip): CameraConfig {
  const { id, kind, zones } = truth.camera;
  return { id, kind, source: { url: file, cadence: Math.min(CADENCE, truth.fps), loop: false }, zones } as CameraConfig;
}

async function configOf(clip: DemoClip, dataDir: string): Promise<string> {
  const port = await freePort();
  return writeConfig(join(folder.path, `${clip.truth.camera.id}.yaml`), {
    node: NODE,
    dataDir,
    modelsDir: join(packageRoot(), 'models'),
    model: 'kerb-s',
    // Nobody listens: what was found stays in the outbox, where it can be counted.
    uplink: { mqtt: `mqtt://127.0.0.1:${port}`, password: 'env:MID_DWELL', evidence: `http://127.0.0.1:${port}` },
    cameras: [cameraOf(clip)],
  });
}

/** Reads the outbox of a node that may be running. */
function look<T>(dataDir: string, read: (db: Sqlite.Database) => T): T {
  const db = new Sqlite(join(dataDir, 'outbox.db'), { readonly: true });
  try {
    return read(db);
  } finally {
    db.close();
  }
}

/** Second of the clip up to which the node's state is saved; -1 before the first time. */
function savedSecond(dataDir: string, camera: string): number {
  const json = look(dataDir, (db) =>
    db.prepare('SELECT json FROM states WHERE name = ?').pluck().get(`line/${camera}`),
  );
  return typeof json === 'string' ? ((JSON.parse(json) as { at: number }).at - START) / 1000 : -1;
}

const eventsOf = (dataDir: string) =>
  look(dataDir, (db) =>
    (db.prepare('SELECT body FROM events ORDER BY seq').pluck().all() as string[]).map(
      (body) => JSON.parse(body) as ViolationEvent,
    ),
  );

type Hours = { readonly watchedMs: number; readonly statistics: Readonly<Record<string, number>> }[];
const hoursOf = (dataDir: string, kind: ViolationKind): Hours =>
  look(dataDir, (db) =>
    (
      db.prepare('SELECT watched_ms, statistics FROM observation_hours WHERE kind = ?').raw().all(kind) as [
        number,
        string,
      ][]
    ).map(([watchedMs, statistics]) => ({
      watchedMs,
      statistics: JSON.parse(statistics) as Hours[number]['statistics'],
    })),
  );

const secondsOf = ({ file }: DemoClip): number =>
  Number(execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', file]));

/** Of the clips with that violation the one with most time between its begin, a save and the moment it is due. */
function clipOf(kind: ViolationKind): DemoClip {
  const room = ({ truth }: DemoClip) => {
    const afterSave = (truth.violations.find((one) => one.kind === kind)?.dueAt ?? -1) % SAVE_S;
    return Math.min(afterSave, SAVE_S - afterSave);
  };
  const [clip] = loadClips()
    .filter((one) => room(one) >= 0)
    .sort((a, b) => room(b) - room(a));
  if (!clip) throw new Error(`no clip with ${kind} is shipped`);
  return clip;
}

async function countedWithoutKills(clip: DemoClip, kind: ViolationKind): Promise<Hours[number]['statistics']> {
  const counted: HourTally[] = [];
  await replayClip({
    ...{ clip: clip.file, camera: cameraOf(clip), node: NODE, startAt: START, log: createLog({ level: 'silent' }) },
    modelDir: join(packageRoot(), 'models', 'kerb-s'),
    onFrame({ observations }) {
      for (const { zone, observation } of observations) {
        if (observation.kind !== kind) continue;
        const statistics = figuresOf(observation);
        counted.push({
          camera: clip.truth.camera.id,
          zone,
          kind,
          hour: hourOf(observation.at),
          watchedMs: 0,
          statistics,
        });
      }
    },
  });
  return mergeTallies(counted)[0]?.statistics ?? {};
}

type Node = { readonly begin: () => Running; readonly saved: () => number };

/** Kills the node each time it has saved more than one of these seconds, then lets it go on to the end. */
async function playWithKills({ begin, saved }: Node, kills: readonly number[], end: number): Promise<number[]> {
  const savedAtKills: number[] = [];
  let node = begin();
  try {
    for (const moment of kills) {
      savedAtKills.push(await until(`state saved after second ${moment}`, () => saved() > moment && saved(), WAIT_MS));
      await node.kill('SIGKILL');
      node = begin();
    }
    await until('the clip is over', () => saved() >= end, WAIT_MS);
  } catch (error) {
    throw new Error(`${String(error)}\n${node.output().slice(-3000)}`, { cause: error });
  } finally {
    await node.kill('SIGKILL');
  }
  return savedAtKills;
}

describe.skipIf(!needs('ffmpeg'))('kill -9 in mid-dwell', () => {
  test.each(violationKinds)(
    '%s: the event comes once and begins where it began',
    { timeout: 3 * WAIT_MS },
    async (kind) => {
      const clip = clipOf(kind);
      const camera = clip.truth.camera.id;
      const dataDir = join(folder.path, camera);
      const config = await configOf(clip, dataDir);
      const child = join(packageRoot(), 'tests', 'crash', 'edge-child.ts');
      const node: Node = {
        begin: () =>
          run(process.execPath, ['--import', 'tsx', child, config, folder.path, String(START)], {
            MID_DWELL: 'password-of-nobody',
          }),
        saved: () => savedSecond(dataDir, camera),
      };
      const violation = clip.truth.violations.find((one) => one.kind === kind);
      if (!violation) throw new Error('unreachable: the clip was chosen for it');
      // Once with the last state that is saved before the violation is due, and once when it is.
      const lastSave = Math.floor(violation.dueAt / SAVE_S) * SAVE_S;
      const [first = 0] = await playWithKills(node, [lastSave - 1, violation.dueAt], secondsOf(clip) - 1);
      expect(first).toBeLessThan(violation.dueAt);
      const events = eventsOf(dataDir).filter((event) => event.kind === kind);
      const starts = events.filter(({ phase }) => phase === 'start');
      expect(starts.map(({ startedAt }) => startedAt)).toHaveLength(clip.truth.violations.length);
      const startedAt = (Date.parse(starts[0]?.startedAt ?? '') - START) / 1000;
      expect(startedAt).toBeGreaterThanOrEqual(violation.from);
      expect(startedAt).toBeLessThanOrEqual(violation.to + 2);
      // Dwell that began before the kill goes on after it; a pass comes when it comes.
      if (kind !== 'muck-truck') expect(startedAt).toBeLessThanOrEqual(first);
      expect(new Set(events.map(({ id, rev }) => `${id} ${rev}`)).size).toBe(events.length);
      // What was counted before a kill is not counted again after it, and little of the watched time is missing.
      const [hour, ...more] = hoursOf(dataDir, kind);
      expect(more).toEqual([]);
      expect(hour?.statistics).toEqual(await countedWithoutKills(clip, kind));
      expect(hour?.watchedMs).toBeGreaterThan((secondsOf(clip) - 3) * 1000);
      expect(hour?.watchedMs).toBeLessThanOrEqual(secondsOf(clip) * 1000);
      expect(eventsOf(dataDir).map(({ seq }) => seq)).toEqual(eventsOf(dataDir).map((_, i) => i + 1));
    },
  );
});
