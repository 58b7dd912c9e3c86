/** `npm run demo`: the whole line in one process, on the shipped clips. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { violationKinds } from '../contracts/violations/index.ts';
import { startEdge } from '../edge/main.ts';
import type { Hub } from '../hub/main.ts';
import { systemClock } from '../platform/clock.ts';
import { createLog } from '../platform/log.ts';
import { packageRoot } from '../platform/paths.ts';
import { stopSignal } from '../platform/stop-signal.ts';
import { demoEdgeConfig, loadClips } from './clips.ts';
import { DEMO_LOGIN_PASSWORD, demoLogins, registerDemo, startDemoHub } from './hub.ts';
import { takePlace } from './place.ts';
import { type DemoSummary, summarize } from './summary.ts';

export type Demo = {
  readonly hub: Hub;
  readonly cameras: number;
  /** Names and passwords, a line each. */
  readonly logins: string;
  readonly close: () => Promise<void>;
};

/**
 * A hub with its broker, and a node that plays the shipped clips in a loop.
 * @param options `port` of hub and console; 0 takes a free one, and what was written is removed at the end
 * @throws HUB_PORT
 */
export async function startDemo(options: { readonly port: number }): Promise<Demo> {
  const log = createLog({ level: process.env.KERBWATCH_LOG ?? 'warn' });
  const { dataDir, release } = await takePlace(join(packageRoot(), '.kerbwatch'), options.port);
  const clips = loadClips();
  const hub = await startDemoHub({ dataDir, port: options.port, log });
  const config = demoEdgeConfig(clips, {
    dataDir: join(dataDir, 'edge'),
    mqtt: hub.mqttUrl ?? '',
    hub: hub.url,
    live: true,
  });
  await registerDemo(hub, config);
  const edge = await startEdge(config, { log, clock: systemClock, configDir: packageRoot() });
  return {
    hub,
    cameras: clips.length,
    logins: demoLogins.map((login) => `    ${login.name.padEnd(11)} ${DEMO_LOGIN_PASSWORD}\n`).join(''),
    async close() {
      await edge.close();
      await hub.close();
      release();
    },
  };
}

/** `npm run demo`: until it is told to stop. @throws HUB_PORT */
export async function runDemo(options: { readonly port: number }): Promise<void> {
  const stopped = stopSignal();
  const demo = await startDemo(options);
  process.stdout.write(
    `\nKerbwatch demo — rendered scenes, nothing here is real / 演示：画面均为渲染场景\n\n  Console / 控制台   ${demo.hub.url}\n  Log-ins / 账号\n${demo.logins}\n` +
      `  ${demo.cameras} cameras are playing; the first cases arrive within a minute. Ctrl-C stops.\n  ${demo.cameras} 路画面播放中，约一分钟内出现首批案件。Ctrl-C 停止。\n\n`,
  );
  await stopped;
  process.stderr.write('Stopping …\n');
  await demo.close();
}

/** Plays each clip once, waits until the hub has acknowledged everything, and scores what was found against the truth. */
export async function runDemoOnce(): Promise<DemoSummary> {
  const started = performance.now();
  const log = createLog({ level: process.env.KERBWATCH_LOG ?? 'warn' });
  const dataDir = mkdtempSync(join(tmpdir(), 'kerbwatch-demo-'));
  const clips = loadClips();
  const hub = await startDemoHub({ dataDir, port: 0, log });
  const config = demoEdgeConfig(clips, {
    dataDir: join(dataDir, 'edge'),
    mqtt: hub.mqttUrl ?? '',
    hub: hub.url,
    live: false,
  });
  await registerDemo(hub, config);
  const startAt = systemClock.now();
  const edge = await startEdge(config, {
    log,
    clock: systemClock,
    configDir: packageRoot(),
    sourceMode: 'replay',
    startAt,
  });
  try {
    process.stderr.write(`Playing ${clips.length} clips once, all ${violationKinds.length} rules …\n`);
    await edge.drained();
    const { lastSeq } = edge.stats();
    return await summarize({ hub, clips, startAt, lastSeq, wallSeconds: () => (performance.now() - started) / 1000 });
  } finally {
    await edge.close();
    await hub.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
