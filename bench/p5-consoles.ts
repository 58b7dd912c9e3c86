/** P5, its other half: from an event at the broker to fifty open consoles, a hundred events a second. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import type { StreamMessage } from '../contracts/api/stream.ts';
import type { ViolationEvent } from '../contracts/event.ts';
import { topic } from '../contracts/topics.ts';
import { startHub } from '../hub/main.ts';
import { upsertNode } from '../hub/registry/nodes.ts';
import { upsertUser } from '../hub/registry/users.ts';
import { systemClock } from '../platform/clock.ts';
import { createLog } from '../platform/log.ts';
import { createNodeKey } from '../platform/signing.ts';
import { sleep } from '../platform/sleep.ts';
import { makeBacklog } from './ingest/backlog.ts';
import { benchHubConfig } from './ingest/hub-config.ts';
import type { BenchRow } from './row.ts';

const CONSOLES = 50;
const EVENTS = 2000;
const EVERY_MS = 10;
const NODE = 'bench-node';
const PASSWORD = 'a password of the bench';
const AIM_MS = 1000;

async function openSession(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'viewer', password: PASSWORD }),
  });
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

/** One console: notes how long each opened case took to reach it. @param sentAt by event, which is its case's id */
async function watch(url: string, cookie: string, signal: AbortSignal, sentAt: Map<string, number>, taken: number[]) {
  const answer = await fetch(`${url}/api/v1/stream`, { headers: { cookie }, signal });
  const shown = new Set<string>();
  let buffered = '';
  for await (const chunk of (answer.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    buffered += chunk;
    const blocks = buffered.split('\n\n');
    buffered = blocks.pop() ?? '';
    for (const block of blocks) {
      if (!block.startsWith('data: ')) continue;
      const message = JSON.parse(block.slice(6)) as StreamMessage;
      if (message.type !== 'case' || shown.has(message.case.id)) continue;
      shown.add(message.case.id);
      const sent = sentAt.get(message.case.id);
      if (sent !== undefined) taken.push(performance.now() - sent);
    }
  }
}

async function publish(mqttUrl: string, payloads: readonly string[], sentAt: Map<string, number>): Promise<void> {
  const login = { clientId: NODE, username: NODE, password: PASSWORD, protocolVersion: 4 as const };
  const client = await connectAsync(mqttUrl, login);
  for (const payload of payloads) {
    sentAt.set((JSON.parse(payload) as ViolationEvent).id, performance.now());
    void client.publishAsync(topic(NODE, 'events'), payload, { qos: 1 });
    await sleep(EVERY_MS);
  }
  await client.endAsync();
}

/** Everything in one process: the consoles' own reading counts, too. */
export async function run(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-bench-'));
  const key = createNodeKey();
  const hub = await startHub(benchHubConfig(folder), { log: createLog({ level: 'silent' }), clock: systemClock });
  const abort = new AbortController();
  try {
    await upsertNode(hub.store, { id: NODE, publicKey: key.publicKeyPem, password: PASSWORD });
    await upsertUser(hub.store, { name: 'viewer', displayName: 'viewer', role: 'viewer', password: PASSWORD });
    const cookie = await openSession(hub.url);
    const [sentAt, taken] = [new Map<string, number>(), [] as number[]];
    const consoles = Array.from({ length: CONSOLES }, () =>
      watch(hub.url, cookie, abort.signal, sentAt, taken).catch((error: unknown) => {
        if (!abort.signal.aborted) throw error;
      }),
    );
    await sleep(1000);
    await publish(hub.mqttUrl ?? '', makeBacklog(NODE, EVENTS, key), sentAt);
    await sleep(2000);
    abort.abort();
    await Promise.all(consoles);
    taken.sort((a, b) => a - b);
    const at = (q: number) => taken[Math.floor(q * (taken.length - 1))] ?? Number.NaN;
    return [
      {
        ...{ id: 'P5', figure: `event to ${CONSOLES} consoles, p99`, value: at(0.99), unit: 'ms' },
        ...{ ceiling: null, ratio: null, aim: `< ${AIM_MS} ms`, met: at(0.99) < AIM_MS },
        note: `p50 ${at(0.5).toFixed(0)} ms; ${taken.length} cases shown at ${1000 / EVERY_MS} events/s`,
      },
    ];
  } finally {
    abort.abort();
    await hub.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
