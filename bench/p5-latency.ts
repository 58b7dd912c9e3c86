/** P5: from the frame in which a rule's condition is met to the case on an operator's screen (server-sent event). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StreamMessage } from '../contracts/api/stream.ts';
import { demoEdgeConfig, loadClips } from '../demo/clips.ts';
import { DEMO_LOGIN_PASSWORD, registerDemo, startDemoHub } from '../demo/hub.ts';
import { startEdge } from '../edge/main.ts';
import { systemClock } from '../platform/clock.ts';
import { createLog } from '../platform/log.ts';
import { packageRoot } from '../platform/paths.ts';
import { run as runConsoles } from './p5-consoles.ts';
import type { BenchRow } from './row.ts';

const SECONDS = 75;
const quantile = (sorted: readonly number[], q: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;

async function logIn(url: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'operator', password: DEMO_LOGIN_PASSWORD }),
  });
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0];
  if (!cookie) throw new Error(`log-in answered ${response.status}`);
  return cookie;
}

/** Notes when each case first came over the stream, as an operator's browser would. */
async function watch(url: string, signal: AbortSignal, seen: Map<string, number>): Promise<void> {
  const response = await fetch(`${url}/api/v1/stream`, { headers: { cookie: await logIn(url) }, signal });
  if (!response.body) throw new Error('no stream');
  let buffered = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    buffered += chunk;
    const blocks = buffered.split('\n\n');
    buffered = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = /^data: ?(.*)$/m.exec(block)?.[1];
      if (!data) continue;
      const message = JSON.parse(data) as StreamMessage;
      if (message.type === 'case' && !seen.has(message.case.id)) seen.set(message.case.id, Date.now());
    }
  }
}

/** Milliseconds for each case: its first event's frame time to its message on the stream. */
async function measure(): Promise<number[]> {
  const log = createLog({ level: 'error' });
  const dataDir = mkdtempSync(join(tmpdir(), 'kerbwatch-bench-'));
  const hub = await startDemoHub({ dataDir, port: 0, log });
  const config = demoEdgeConfig(loadClips(), {
    dataDir: join(dataDir, 'edge'),
    mqtt: hub.mqttUrl ?? '',
    hub: hub.url,
    live: true,
  });
  await registerDemo(hub, config);
  const abort = new AbortController();
  const seen = new Map<string, number>();
  const watching = watch(hub.url, abort.signal, seen).catch((error: unknown) => {
    if (!abort.signal.aborted) throw error;
  });
  const edge = await startEdge(config, { log, clock: systemClock, configDir: packageRoot() });
  try {
    await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
    const rows = await hub.store.db
      .selectFrom('messages')
      .innerJoin('events', 'events.id', 'messages.event_id')
      .select(['messages.body', 'events.case_id'])
      .where('messages.rev', '=', 1)
      .execute();
    const first = new Map<string, number>();
    for (const row of rows) {
      const at = Date.parse((JSON.parse(row.body) as { at: string }).at);
      first.set(row.case_id, Math.min(first.get(row.case_id) ?? Number.POSITIVE_INFINITY, at));
    }
    return [...seen]
      .flatMap(([id, shownAt]) => (first.has(id) ? [shownAt - (first.get(id) ?? 0)] : []))
      .sort((a, b) => a - b);
  } finally {
    abort.abort();
    await watching;
    await edge.close();
    await hub.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** P5 of docs/bench.md. */
export async function run(): Promise<BenchRow[]> {
  const delays = await measure();
  const row = (figure: string, value: number, limit: number): BenchRow => ({
    id: 'P5',
    figure,
    value,
    unit: 'ms',
    ceiling: null,
    ratio: null,
    aim: `< ${limit} ms`,
    met: delays.length > 0 ? value < limit : null,
    note: `${delays.length} cases`,
  });
  return [
    row('condition met to operator’s screen, p50', quantile(delays, 0.5), 300),
    row('condition met to operator’s screen, p99', quantile(delays, 0.99), 1000),
    ...(await runConsoles()),
  ];
}
