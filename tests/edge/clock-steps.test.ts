/**
 * Somebody sets the node's clock while a stall stands: the dwell goes on by the camera's own steps, the step is said once,
 * events say what is known of their time, and the line moves to the clock when nothing is under way.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { ViolationEvent } from '../../contracts/event.ts';
import type { CameraConfig } from '../../edge/config.ts';
import type { Detection } from '../../edge/domain/detection.ts';
import type { Detector } from '../../edge/domain/detector.ts';
import type { Frame } from '../../edge/domain/frame.ts';
import { createStillStore } from '../../edge/evidence/index.ts';
import { watchHostClock, watchNodeClock } from '../../edge/node-clock.ts';
import { openOutbox } from '../../edge/outbox/index.ts';
import { createCameraLine, type FrameResult } from '../../edge/pipeline/camera-line.ts';
import { createFindingWriter } from '../../edge/pipeline/finding-writer.ts';
import { savedAt, stateName } from '../../edge/pipeline/saved-line.ts';
import { createLiveTime } from '../../edge/source/time/camera-time.ts';
import { timeFault } from '../../hub/ingest/time-bounds.ts';
import { createLog } from '../../platform/log.ts';
import { deriveNodeKey } from '../../platform/signing.ts';
import { createMachine, type Machine, START } from './machine.ts';
import { randomOf } from './noisy-detector.ts';

const SECOND = 1000;
const HOUR = 3_600_000;
const DWELL_S = 30;
const STEP_MS = 200;
const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-clock-steps-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const camera = {
  id: 'cam-1',
  kind: 'street',
  source: { url: 'rtsp://192.0.2.1/', cadence: 5 },
  gate: { enabled: false },
  zones: [
    {
      id: 'pavement',
      kind: 'road-stall',
      polygon: [
        [0.1, 0.1],
        [0.9, 0.1],
        [0.9, 0.9],
        [0.1, 0.9],
      ],
      params: { candidateSeconds: 4, dwellSeconds: DWELL_S, gapSeconds: 20, rearmSeconds: 20 },
    },
  ],
} as unknown as CameraConfig;

const stall: Detection[] = [
  { concept: 'stall', label: 'stall', score: 0.9, box: [0.4, 0.4, 0.1, 0.2] },
  { concept: 'person', label: 'person', score: 0.9, box: [0.51, 0.42, 0.03, 0.18] },
];

/** Eyes that see the stall for as long as it stands. */
function createEyes() {
  const eyes = { stands: false };
  const detector = {
    name: 'eyes',
    ref: { name: 'eyes', version: '1', sha256: '0'.repeat(64) },
    input: { width: 64, height: 48, pixelFormat: 'rgb24', resize: 'stretch', align: 'top-left', pad: 0 },
    composites: [],
    detect: async () => (eyes.stands ? stall : []),
    detectIn: async () => [],
    merge: ([whole = []]: readonly Detection[][]) => [...whole],
    close: async () => {},
  } as unknown as Detector;
  return { eyes, detector };
}

/** A night of noise: no two frames are the same. */
function createPictures() {
  const random = randomOf(7);
  const pixels = Uint8Array.from({ length: 64 * 48 * 3 }, () => 255 * random());
  const i420 = new Uint8Array((64 * 48 * 3) / 2).fill(120);
  return (index: number, at: number, timeline: number): Frame => {
    for (let i = 0; i < 300; i++) pixels[Math.floor(random() * pixels.length)] = 255 * random();
    return { index, at, timeline, pixels, full: { width: 64, height: 48, i420 }, release: () => {} };
  };
}

async function createNode(machine: Machine, name: string) {
  const lines: Record<string, unknown>[] = [];
  const log = createLog({
    level: 'info',
    destination: { write: (text: string) => void lines.push(JSON.parse(text) as Record<string, unknown>) },
  });
  const dir = join(folder, name);
  // As a node's main process and its host have them.
  const clocksOf = () => ({
    main: watchNodeClock(machine.clock, log, machine.elapsed),
    host: watchHostClock(machine.clock, log, machine.elapsed),
  });
  let clocks = clocksOf();
  const key = deriveNodeKey(name);
  const outbox = openOutbox({ file: join(dir, 'outbox.db'), node: name, key, clock: machine.clock, log });
  const stillStore = await createStillStore({ dir, camera: camera.id, log });
  const writer = createFindingWriter({
    stateName: stateName(camera.id),
    writeStills: stillStore.write,
    fileOf: ({ sha256 }) => sha256,
    append: outbox.append,
    reserve: async () => {},
    onTrouble: () => {},
    random: () => 0.5,
    log,
  });
  const { eyes, detector } = createEyes();
  const picture = createPictures();
  let index = 0;
  let open = start();

  /** A run of the camera, as the supervisor opens one. */
  function start() {
    const saved = writer.latestState() ?? outbox.loadState(stateName(camera.id));
    const notBefore = savedAt(saved);
    const time = createLiveTime({
      watch: clocks.host,
      mayMove: () => line.isIdle(),
      ...(notBefore === null ? {} : { notBefore }),
    });
    const line = createCameraLine({
      node: name,
      camera,
      calendar: { utcOffsetMinutes: 480, holidays: [], makeUpDays: [] },
      detector,
      stillStore,
      writer,
      saved,
      mode: 'live',
      clockState: () => ({ offsetMs: Math.round(time.offsetMs()), source: time.source() }),
      clockIsSure: time.isSure,
      elapsed: machine.elapsed,
      log,
    });
    return { time, line };
  }

  return {
    eyes,
    /** Frames for so long; the last look. */
    async watch(ms: number): Promise<FrameResult> {
      let look: FrameResult | null = null;
      for (let passed = 0; passed < ms; passed += STEP_MS) {
        machine.pass(STEP_MS);
        clocks.main.check();
        const at = open.time.map(Math.round((machine.elapsed() + 777) * 1000), machine.elapsed());
        look = await open.line.process(picture(index++, at, open.time.timeline()));
      }
      if (!look) throw new Error('no frame went through the line');
      return look;
    },
    /** The supervisor opens the camera anew, or the whole process is another one. */
    async restart(process: 'same' | 'another'): Promise<void> {
      await open.line.saveNow();
      await writer.flush();
      if (process === 'another') clocks = clocksOf();
      open = start();
    },
    async events(): Promise<ViolationEvent[]> {
      await writer.flush();
      return outbox.pending(1000).map((row) => JSON.parse(row.body) as ViolationEvent);
    },
    warnings: () => lines.filter(({ level }) => level !== 'info'),
    close: async () => {
      await writer.close();
      await stillStore.close();
      outbox.close();
    },
  };
}

const ms = (text: string | null | undefined) => Date.parse(text ?? '');
const steps = [-HOUR, HOUR, -8 * HOUR, 8 * HOUR, -24 * HOUR, 24 * HOUR, -1000, 1000];

describe.each(steps)('the clock steps by %s ms in mid-dwell', (step) => {
  test('one event, at the dwell; one log line; marked until the clock is sure', async () => {
    const machine = createMachine();
    const node = await createNode(machine, `mid${step}`);
    await node.watch(5 * SECOND);
    node.eyes.stands = true;
    const stoodFrom = machine.clock.now();
    await node.watch(15 * SECOND);
    expect((await node.watch(STEP_MS)).view.state).toBe('watched');
    machine.set(step);
    const look = await node.watch(25 * SECOND);
    // Degraded, and watching all the same.
    expect(look.view).toEqual({ state: 'degraded', reasons: ['clock'] });
    const [event, ...more] = await node.events();
    expect(more).toEqual([]);
    expect(event).toMatchObject({ phase: 'start', clock: { source: 'unknown' } });
    expect(Math.abs(ms(event?.startedAt) - stoodFrom)).toBeLessThan(1000);
    expect(Math.abs(ms(event?.at) - stoodFrom - DWELL_S * SECOND)).toBeLessThan(1500);
    expect(Math.abs((event?.clock.offsetMs ?? 0) + step)).toBeLessThan(300);
    expect(node.warnings()).toMatchObject([{ level: 'warn', stepSeconds: expect.closeTo(step / 1000, 1) }]);
    // The hub's clock is right: it was this one before, or it is this one now.
    for (const hub of [machine.clock.now(), machine.clock.now() - step]) {
      expect(timeFault(event as ViolationEvent, hub)).toBeNull();
    }
    node.eyes.stands = false;
    const sure = await node.watch(120 * SECOND);
    expect(sure.view).toEqual({ state: 'watched', reasons: [] });
    expect(Math.abs(sure.at - machine.clock.now())).toBeLessThan(500);
    expect((await node.events()).map(({ phase }) => phase)).toEqual(['start', 'end']);
    expect(node.warnings()).toHaveLength(1);
    await node.close();
  });
});

test.each([-8 * HOUR, 8 * HOUR])(
  'a stall that never goes: after a quarter of an hour its event ends on the old line (%s ms) and begins on the new',
  async (step) => {
    const machine = createMachine();
    const node = await createNode(machine, `forced${step}`);
    node.eyes.stands = true;
    await node.watch((DWELL_S + 5) * SECOND);
    machine.set(step);
    await node.watch(14 * 60 * SECOND);
    const before = await node.events();
    expect(before.filter(({ phase }) => phase === 'start')).toHaveLength(1);
    await node.watch((60 + DWELL_S + 5) * SECOND);
    const [end, start, ...more] = (await node.events()).slice(before.length).filter(({ phase }) => phase !== 'update');
    expect(more).toEqual([]);
    expect(end).toMatchObject({ phase: 'end', id: before[0]?.id, clock: { source: 'unknown' } });
    expect(Math.abs(ms(end?.endedAt) - START)).toBeLessThan(16 * 60 * SECOND);
    expect(start).toMatchObject({ phase: 'start', clock: { source: 'pts' } });
    expect(start?.id).not.toBe(end?.id);
    expect(Math.abs(ms(start?.at) - machine.clock.now())).toBeLessThan(10 * SECOND);
    expect(Date.parse(start?.at ?? '') - Date.parse(start?.startedAt ?? '')).toBeLessThan((DWELL_S + 2) * SECOND);
    // Evidence is of its own line.
    for (const { at } of start?.evidence ?? [])
      expect(Math.abs(ms(at) - machine.clock.now())).toBeLessThan(120 * SECOND);
    await node.close();
  },
);

describe.each(['same', 'another'] as const)('a line that begins anew in the %s process', (process) => {
  test.each([-8 * HOUR, -2 * SECOND, 8 * HOUR])('with the clock set by %s ms: its dwell goes on', async (step) => {
    const machine = createMachine();
    const node = await createNode(machine, `restarted-${process}${step}`);
    node.eyes.stands = true;
    const stoodFrom = machine.clock.now();
    await node.watch(15 * SECOND);
    machine.set(step);
    await node.restart(process);
    await node.watch(20 * SECOND);
    const [event, ...more] = await node.events();
    expect(more).toEqual([]);
    expect(Math.abs(ms(event?.startedAt) - stoodFrom)).toBeLessThan(1000);
    // A clock that is ahead at the start of a process cannot be told from a long time without one.
    const known = process === 'another' && step > 0;
    expect(event?.clock.source).toBe(known ? 'pts' : 'unknown');
    expect(node.warnings()).toHaveLength(known ? 0 : 1);
    node.eyes.stands = false;
    const sure = await node.watch(240 * SECOND);
    expect(sure.view.state).toBe('watched');
    expect(Math.abs(sure.at - machine.clock.now())).toBeLessThan(500);
    await node.close();
  });
});

test('a board that wakes in 1970 loses nothing: what it finds is of this program’s time and marked', async () => {
  const machine = createMachine(90 * SECOND);
  const node = await createNode(machine, 'no-battery');
  expect(node.warnings()).toHaveLength(1);
  node.eyes.stands = true;
  await node.watch((DWELL_S + 3) * SECOND);
  const [event] = await node.events();
  expect(event).toMatchObject({ phase: 'start', clock: { source: 'unknown' } });
  expect(timeFault(event as ViolationEvent, START)).toBeNull();
  node.eyes.stands = false;
  await node.watch(60 * SECOND);
  machine.set(START);
  const sure = await node.watch(90 * SECOND);
  expect(sure.view.state).toBe('watched');
  expect(Math.abs(sure.at - machine.clock.now())).toBeLessThan(100);
  expect((await node.events()).map(({ phase }) => phase)).toEqual(['start', 'end']);
  await node.close();
});
