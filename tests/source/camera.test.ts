/** A real RTSP camera that comes, goes, falls silent and asks for a password. */

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../../platform/log.ts';
import { needs } from '../needs.ts';
import { folder, makeClip, startCamera, watch } from './stage.ts';

type Ending = () => Promise<void>;

describe.skipIf(!needs('ffmpeg') || !needs('rtsp'))('an RTSP camera', () => {
  let clip = '';
  const endings: Ending[] = [];
  beforeAll(() => {
    clip = makeClip('camera.mp4', { size: '320x180', seconds: 5 });
  });
  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end();
  });

  async function camera(args: readonly string[] = []) {
    const started = await startCamera(clip, args);
    endings.push(started.kill);
    return started;
  }
  async function watching(url: string, options: Parameters<typeof watch>[1] = {}) {
    const run = await watch(url, options);
    endings.push(run.stop);
    return run;
  }
  const rising = (times: readonly number[]) => times.every((at, i) => i === 0 || at > (times[i - 1] as number));

  it('gives frames at its pace, at the time of the clock, beyond the end of the file', async () => {
    const { url } = await camera();
    const run = await watching(url);
    await run.until(() => run.notes.length >= 35, 'seven seconds of frames');
    const times = run.notes.map((note) => note.at);
    expect(rising(times)).toBe(true);
    expect(Math.abs((times.at(-1) as number) - Date.now())).toBeLessThan(1500);
    expect(run.source.stats()).toMatchObject({ width: 320, height: 180, reconnects: 0 });
  });

  it('is found again after it was gone, with times that go on', async () => {
    const first = await camera();
    const run = await watching(first.url);
    await run.until(() => run.notes.length >= 5, 'frames');
    await first.kill();
    await run.until(() => run.states.at(-1)?.state === 'lost', 'loss');
    const seen = run.notes.length;
    await camera(['--port', first.port]);
    await run.until(() => run.notes.length >= seen + 5, 'frames again');
    expect(rising(run.notes.map((note) => note.at))).toBe(true);
    expect(run.notes.map((note) => note.index)).toEqual(run.notes.map((_, i) => i));
    expect(run.source.stats().reconnects).toBeGreaterThan(0);
  });

  it('that falls silent is told and connected anew', async () => {
    const { url, child } = await camera();
    const run = await watching(url, { config: { stallSeconds: 2 } });
    await run.until(() => run.notes.length >= 5, 'frames');
    child.kill('SIGSTOP');
    await run.until(() => run.states.some((state) => state.state === 'lost'), 'stall');
    const lost = run.states.find((state) => state.state === 'lost');
    expect(lost?.state === 'lost' && lost.fault.code).toBe('EDGE_SOURCE_STALLED');
    const seen = run.notes.length;
    child.kill('SIGCONT');
    await run.until(() => run.notes.length > seen, 'frames again', 60_000);
  });

  it('asks for a password, which is never told', async () => {
    const { url } = await camera(['--user', 'li', '--password', 'pa:ss@word']);
    const logFile = join(mkdtempSync(join(folder, 'log-')), 'log');
    const lines: string[] = [];
    const log = createLog({ level: 'debug', destination: { write: (line: string) => void lines.push(line) } });
    const refused = await watching(url, { log, logins: { main: { user: 'li', password: 'not:it@' }, analyse: null } });
    await refused.until(() => refused.states.at(-1)?.state === 'lost', 'refusal');
    const lost = refused.states.at(-1);
    const told = lost?.state === 'lost' ? lost.fault.message : '';
    expect(told).toMatch(/401/);
    await refused.stop();
    const run = await watching(url, { log, logins: { main: { user: 'li', password: 'pa:ss@word' }, analyse: null } });
    await run.until(() => run.notes.length >= 2, 'frames');
    writeFileSync(logFile, lines.join(''));
    for (const text of [told, readFileSync(logFile, 'utf8')]) expect(text).not.toMatch(/not(:|%3A)it|pa(:|%3A)ss/);
  });

  it('that is not there is tried again with growing waits', async () => {
    const run = await watching('rtsp://127.0.0.1:9/live');
    await run.until(() => run.states.filter((state) => state.state === 'lost').length >= 2, 'two tries');
    const lost = run.states.flatMap((state) => (state.state === 'lost' ? [state] : []));
    expect(lost.map(({ fault }) => fault.code)).toEqual(['EDGE_SOURCE_UNREACHABLE', 'EDGE_SOURCE_UNREACHABLE']);
    expect(lost[0]?.fault.message).toMatch(
      /^[^\n]*camera cam-1: rtsp:\/\/127\.0\.0\.1:9\/live refuses the connection$/,
    );
  });

  it('drops what a slow consumer has no time for, and stays current', async () => {
    const { url } = await camera();
    let release = () => {};
    const held = new Promise<void>((go) => {
      release = go;
    });
    const { sourceOf } = await import('./stage.ts');
    const source = await sourceOf(url, { mode: 'live' });
    const stop = new AbortController();
    const times: number[] = [];
    const enough = new Promise<void>((done) => {
      const running = source.run(
        {
          async onFrame(frame) {
            times.push(frame.at);
            if (times.length === 1) await held;
            if (times.length === 3) done();
          },
        },
        stop.signal,
      );
      endings.push(async () => {
        stop.abort();
        await running;
      });
    });
    while (source.stats().drops < 5) await new Promise((go) => setTimeout(go, 50));
    release();
    await enough;
    expect((times[1] as number) - (times[0] as number)).toBeGreaterThan(800);
  });
});
