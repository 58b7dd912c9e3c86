/** A camera host that ends: its cameras go on from what was saved, the others notice nothing, findings are kept once each. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ViolationEvent } from '../../contracts/event.ts';
import { AppError } from '../../platform/app-error.ts';
import { comingAndGoing } from '../crash/rounds.ts';
import { temporaryFolder } from '../e2e/stage.ts';
import { needs } from '../needs.ts';
import { until } from '../processes.ts';
import { cameraOn, isAlive, openStage } from './hosts-stage.ts';

const START = Date.UTC(2026, 0, 1);
/** Frames a second that even a machine with much else to do gets through. */
const RATE = 2;
const folder = temporaryFolder('hosts');
afterAll(folder.remove);

/** What an event says, without its place among those of other cameras. */
const said = ({ id, rev, phase, camera, zone, startedAt, at }: ViolationEvent) =>
  JSON.stringify({ id, rev, phase, camera, zone, startedAt, at });

describe.skipIf(!needs('ffmpeg'))('a camera host that ends', () => {
  let clip = '';
  beforeAll(() => {
    clip = comingAndGoing(folder.path);
  });

  test('kill -9: back from the saved state, and a neighbour loses no frame', async () => {
    const stage = await openStage(
      join(folder.path, 'kill'),
      [cameraOn('a', clip, { loop: true, cadence: RATE }), cameraOn('b', clip, { loop: true, cadence: RATE })],
      { hosts: 2 },
    );
    try {
      await stage.begin();
      await until('both are analysed', () => stage.begun.length === 2);
      const frames = (camera: string) => stage.hosts.countsOf(camera).frames;
      const counted = (above: number) =>
        until('figures of b', () => frames('b') > above && { frames: frames('b'), at: performance.now() });
      const first = await counted(0);
      const before = await counted(first.frames);
      const killed = stage.pidOf('a');
      process.kill(killed, 'SIGKILL');
      await until('a is analysed again', () => stage.begun.filter((camera) => camera === 'a').length === 2);
      expect(stage.pidOf('a')).not.toBe(killed);
      expect(stage.hosts.health()).toMatchObject({ running: 2, restarts: 1 });
      const after = await counted(before.frames + 6 * RATE);
      expect(stage.hosts.inference().load).toBeGreaterThan(0);
      const seconds = (after.at - before.at) / 1000;
      // One frame at either end may fall on the other side of a count.
      expect(after.frames - before.frames).toBeGreaterThanOrEqual(Math.floor(seconds * RATE) - 2);
      expect(stage.hosts.countsOf('b')).toMatchObject({ reconnects: 0 });
      expect(stage.hosts.countsOf('a').reconnects).toBe(1);
      await until('a’s status is its own again', () => stage.statuses.get('a')?.state === 'watched');
    } finally {
      await stage.close();
    }
  });

  test('killed again and again in a recording: the same findings as without, each once', async () => {
    const play = async (name: string, kills: number) => {
      const stage = await openStage(join(folder.path, name), [cameraOn('a', clip), cameraOn('b', clip)], {
        hosts: 1,
        mode: 'replay',
        startAt: START,
      });
      const killed = new Set<number>();
      stage.onAppend.add(() => {
        // What a dead host had still said is heard, and is no reason to kill it again.
        const pid = stage.hosts.running()[0]?.pid;
        if (!pid || killed.size === kills || killed.has(pid)) return;
        killed.add(pid);
        process.kill(pid, 'SIGKILL');
      });
      try {
        await stage.begin();
        await stage.hosts.ended;
        expect(stage.hosts.health().restarts).toBe(kills);
        const events = stage.events();
        expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
        return events.map(said).sort();
      } finally {
        await stage.close();
      }
    };
    const whole = await play('whole', 0);
    expect(whole.length).toBeGreaterThan(3);
    expect(await play('killed', 2)).toEqual(whole);
  });

  test('what the main process cannot take now waits in the host, is told, and comes in order', async () => {
    let full = true;
    const retention = {
      reserve: async () => {
        if (full) throw new AppError('EDGE_DISK_FULL', 'test');
      },
    };
    const stage = await openStage(join(folder.path, 'full'), [cameraOn('a', clip, { loop: true })], {
      hosts: 1,
      retention,
    });
    try {
      await stage.begin();
      await until('the camera tells it', () => stage.statuses.get('a')?.fault?.startsWith('EDGE_DISK_FULL') ?? false);
      expect(stage.events()).toEqual([]);
      full = false;
      await until('findings arrive', () => stage.events().length > 1);
      expect(stage.events().map(({ seq }) => seq)).toEqual(stage.events().map((_, i) => i + 1));
      const times = stage.events().map(({ at }) => at);
      expect(times).toEqual([...times].sort());
      await until('nothing holds it up', () => stage.statuses.get('a')?.fault === undefined);
    } finally {
      await stage.close();
    }
  });

  test('a host that hangs is ended and replaced', async () => {
    const stage = await openStage(join(folder.path, 'hang'), [cameraOn('a', clip, { loop: true })], { hosts: 1 });
    try {
      await stage.begin();
      await until('it is analysed', () => stage.begun.length === 1);
      const hung = stage.pidOf('a');
      process.kill(hung, 'SIGSTOP');
      await until('it is analysed again', () => stage.begun.length === 2);
      expect(isAlive(hung)).toBe(false);
      expect(stage.hosts.health().restarts).toBe(1);
    } finally {
      await stage.close();
    }
  });

  test('the camera that ends its hosts is put alone and reported; the others are left in peace', async () => {
    const cameras = ['a', 'b', 'c', 'poison'].map((id) => cameraOn(id, clip, { loop: true, cadence: 'keyframes' }));
    const stage = await openStage(join(folder.path, 'poison'), cameras, { hosts: 1 });
    const isOut = () => stage.statuses.get('poison')?.fault?.startsWith('EDGE_HOST_QUARANTINE') ?? false;
    // Whichever host sees a picture of this camera crashes.
    stage.onStatus.add((camera, status) => {
      if (camera === 'poison' && status.state !== 'blind' && !isOut()) process.kill(stage.pidOf('poison'), 'SIGSEGV');
    });
    try {
      await stage.begin();
      await until('it is quarantined', isOut, 120_000);
      const { restarts } = stage.hosts.health();
      expect(restarts).toBeLessThanOrEqual(4);
      await until('it runs alone, and says so while it is watched', () => {
        const status = stage.statuses.get('poison');
        return status?.state === 'watched' && (status.fault?.startsWith('EDGE_HOST_QUARANTINE') ?? false);
      });
      const alone = stage.hosts.running().filter(({ cameras: ids }) => ids.includes('poison'));
      expect(alone.map(({ cameras: ids }) => ids)).toEqual([['poison']]);
      await until('the others are watched', () =>
        ['a', 'b', 'c'].every((id) => stage.statuses.get(id)?.state === 'watched' && !stage.statuses.get(id)?.fault),
      );
      expect(stage.hosts.health().restarts).toBe(restarts);
    } finally {
      await stage.close();
    }
  });

  test('groups that were divided come together again once all is steady', async () => {
    const cameras = ['a', 'b'].map((id) => cameraOn(id, clip, { loop: true, cadence: 'keyframes' }));
    const stage = await openStage(join(folder.path, 'fold'), cameras, { hosts: 1, steadyMs: 20_000 });
    const hosts = () => stage.hosts.running().map(({ cameras: ids }) => ids.length);
    try {
      await stage.begin();
      for (const times of [1, 2]) {
        await until('both are analysed', () => stage.begun.length === 2 * times);
        process.kill(stage.pidOf('a'), 'SIGSEGV');
      }
      await until('each has a host of its own', () => hosts().join() === '1,1');
      await until('they are together', () => hosts().join() === '2');
      await until('both are analysed again', () => stage.begun.length === 8);
      expect(stage.hosts.health()).toMatchObject({ running: 1, restarts: 2 });
    } finally {
      await stage.close();
    }
  });
});
