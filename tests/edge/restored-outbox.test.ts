/** Outbox and ingest against each other, whatever is copied, restored, lost or killed on the way; the hub's own code. */
import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AckBatch } from '../../contracts/ack.ts';
import type { ViolationEvent } from '../../contracts/event.ts';
import { topic } from '../../contracts/topics.ts';
import { type Outbox, openOutbox } from '../../edge/outbox/index.ts';
import { caseSettings } from '../../hub/cases/settings.ts';
import { createChanges } from '../../hub/changes.ts';
import { createIngest } from '../../hub/ingest/index.ts';
import { createIngestMetrics } from '../../hub/ingest/metrics.ts';
import { upsertNode } from '../../hub/registry/nodes.ts';
import { openStore } from '../../hub/storage/store.ts';
import { timestamp } from '../../platform/clock.ts';
import { createLog } from '../../platform/log.ts';
import { deriveNodeKey, verifyEvent } from '../../platform/signing.ts';
import { stallDraft } from './drafts.ts';

const node = 'node-1';
const key = deriveNodeKey(node);
const log = createLog({ level: 'silent' });
const NOW = Date.parse('2026-02-01T00:00:00.000Z');
const HOUR = 3_600_000;

type Step =
  | { readonly do: 'append'; readonly event: number; readonly end: boolean }
  | { readonly do: 'send' | 'deliver' | 'ack'; readonly count: number }
  | { readonly do: 'lose messages' | 'lose acks' | 'copy' | 'restore' | 'restart' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('append' as const), event: fc.nat(3), end: fc.boolean() }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('send' as const, 'deliver', 'ack'),
      count: fc.integer({ min: 1, max: 6 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('lose messages' as const, 'lose acks', 'copy', 'restore', 'restart') }),
  },
);

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kerbwatch-restored-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function createWorld() {
  const store = await openStore('sqlite::memory:', { log });
  await upsertNode(store, { id: node, publicKey: key.publicKeyPem });
  const acks: AckBatch['acks'] = [];
  let now = NOW;
  const clock = { now: () => now };
  const ingest = createIngest({
    ...{ store, clock, log, settings: caseSettings(), changes: createChanges() },
    metrics: createIngestMetrics(new Registry()),
    publish: (_topic, payload) => void acks.push(...(JSON.parse(payload) as AckBatch).acks),
  });
  const file = join(folder, 'outbox.db');
  const copy = join(folder, 'copy.db');
  const open = () => openOutbox({ file, node, key, clock, log });
  let outbox: Outbox = open();
  let made = 0;
  /** What the file on the box was told, in order: content number by event id. */
  let line: { readonly id: string; readonly content: number }[] = [];
  let copied: typeof line | null = null;
  /** Where the line was at the last restore. */
  let since = 0;
  let cursor = 0;
  const wire: string[] = [];
  /** An event that has ended is followed by another one. */
  const endings = new Map<number, number>();

  const reopen = (between: () => void) => {
    outbox.close();
    between();
    outbox = open();
    cursor = 0;
  };
  const everything = 1000;

  async function run(one: Step): Promise<void> {
    if (one.do === 'append') {
      made += 1;
      const phase = one.end ? 'end' : 'update';
      const draft = stallDraft(1, { key: `${one.event} ${endings.get(one.event) ?? 0}`, phase });
      const at = timestamp(Date.parse(draft.at) + made * 1000);
      const [object] = draft.objects;
      if (object) draft.objects = [{ ...object, track: made }];
      const told = { ...draft, at, endedAt: one.end ? at : null };
      if (one.end) endings.set(one.event, (endings.get(one.event) ?? 0) + 1);
      outbox.append({ drafts: [told], files: [], states: [] });
      line.push({ id: draft.id, content: made });
    } else if (one.do === 'send') {
      for (const row of outbox.pending(one.count, cursor)) {
        cursor = row.seq;
        wire.push(row.body);
      }
    } else if (one.do === 'deliver') {
      for (const body of wire.splice(0, one.count)) {
        void ingest.take({ topic: topic(node, 'events'), payload: Buffer.from(body), settle: () => {} });
      }
      await ingest.idle();
    } else if (one.do === 'ack') {
      for (const seq of outbox.settle(acks.splice(0, one.count)).again ?? []) {
        const row = outbox.row(seq);
        if (row) wire.push(row.body);
      }
    } else if (one.do === 'lose messages') wire.length = 0;
    else if (one.do === 'lose acks') acks.length = 0;
    else if (one.do === 'restart') reopen(() => {});
    else if (one.do === 'copy') {
      reopen(() => copyFileSync(file, copy));
      copied = [...line];
    } else if (copied !== null) {
      reopen(() => copyFileSync(copy, file));
      line = [...copied];
      since = line.length;
    }
  }

  async function settleAll(): Promise<number> {
    for (let round = 0; round < 60; round += 1) {
      if (outbox.depth().depth === 0 && outbox.refusedCount() === 0) return round;
      now += 2 * HOUR;
      cursor = 0;
      wire.push(...outbox.refusedDue(now, everything).map((row) => row.body));
      await run({ do: 'send', count: everything });
      await run({ do: 'deliver', count: everything });
      await run({ do: 'ack', count: everything });
    }
    return Number.POSITIVE_INFINITY;
  }

  async function close(): Promise<void> {
    outbox.close();
    await ingest.close();
    await store.close();
  }
  return { store, run, settleAll, close, line: () => line, since: () => since };
}

const contentOf = (body: string) => (JSON.parse(body) as ViolationEvent).objects[0]?.track ?? 0;

async function checkSteps(steps: readonly Step[]): Promise<void> {
  const world = await createWorld();
  try {
    for (const one of steps) await world.run(one);
    expect(await world.settleAll()).toBeLessThan(60);
    const { db } = world.store;
    const messages = await db.selectFrom('messages').selectAll().orderBy('seq').execute();
    const events = await db.selectFrom('events').selectAll().execute();
    const stored = new Set(messages.map(({ body }) => contentOf(body)));
    expect(world.line().filter(({ content }) => !stored.has(content))).toEqual([]);
    // What was told last since the file was restored is what the hub shows.
    for (const [id, content] of new Map(
      world
        .line()
        .slice(world.since())
        .map((one) => [one.id, one.content]),
    )) {
      expect(contentOf(events.find((event) => event.id === id)?.body ?? '')).toBe(content);
    }
    const forks = await db.selectFrom('forks').selectAll().where('kind', '=', 'prev').execute();
    const breaks = messages.filter(({ seq, prev }) => {
      const before = messages.find((other) => other.seq === seq - 1);
      return before !== undefined && before.hash !== prev;
    });
    expect(forks.map((fork) => fork.seq).sort((a, b) => a - b)).toEqual(breaks.map(({ seq }) => seq));
  } finally {
    await world.close();
  }
}

test('whatever is lost, copied and restored: what the box was told reaches the hub, the last word is shown, breaks are forks', async () => {
  const steps = fc.array(step, { minLength: 5, maxLength: 60, size: 'max' });
  await fc.assert(fc.asyncProperty(steps, checkSteps), { numRuns: 150 });
}, 300_000);

test('two machines under one name and key, at work at once: neither loses anything, and the forks tell', async () => {
  const store = await openStore('sqlite::memory:', { log });
  await upsertNode(store, { id: node, publicKey: key.publicKeyPem });
  let acks: AckBatch['acks'] = [];
  const clock = { now: () => NOW };
  const ingest = createIngest({
    ...{ store, clock, log, settings: caseSettings(), changes: createChanges() },
    metrics: createIngestMetrics(new Registry()),
    publish: (_topic, payload) => void acks.push(...(JSON.parse(payload) as AckBatch).acks),
  });
  const boxes = [0, 1].map((i) => openOutbox({ file: join(folder, `${i}.db`), node, key, clock, log }));
  let told = 0;
  const send = (body: string) => {
    void ingest.take({ topic: topic(node, 'events'), payload: Buffer.from(body), settle: () => {} });
  };
  let rounds = 0;
  for (; rounds < 40 && (rounds < 10 || boxes.some((box) => box.depth().depth > 0)); rounds += 1) {
    for (const box of boxes) {
      if (rounds < 10) box.append({ drafts: [stallDraft(++told), stallDraft(++told)], files: [], states: [] });
      for (const { body } of box.pending(100)) send(body);
    }
    await ingest.idle();
    const heard = acks;
    acks = [];
    // Both hear what the hub says to either: it is one topic.
    for (const box of boxes) box.settle(heard);
  }
  for (const box of boxes) for (const { body } of box.refusedDue(NOW * 2, 1000)) send(body);
  await ingest.idle();
  for (const box of boxes) box.settle(acks);
  for (const box of boxes) for (const { body } of box.pending(100)) send(body);
  await ingest.idle();
  const stored = await store.db.selectFrom('events').select('body').execute();
  expect(stored.map(({ body }) => contentOf(body)).sort((a, b) => a - b)).toEqual(
    Array.from({ length: told }, (_, i) => i + 1),
  );
  expect((await store.db.selectFrom('forks').selectAll().execute()).length).toBeGreaterThan(0);
  for (const box of boxes) box.close();
  await ingest.close();
  await store.close();
});

async function renumberUntilKilled(file: string, afterLines: number): Promise<number> {
  const child = fileURLToPath(new URL('./renumber-child.ts', import.meta.url));
  const process = spawn(globalThis.process.execPath, ['--import', 'tsx', child, file, node], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of process.stdout) {
    text += String(chunk);
    if (text.split('\n').length > afterLines && !process.killed) process.kill('SIGKILL');
  }
  return Number(text.split('\n').slice(0, -1).at(-1) ?? 0);
}

test('kill -9 in the middle of numbering anew: each event is there once, signed and numbered for itself', async () => {
  const file = join(folder, 'outbox.db');
  for (let round = 0; round < 12; round++) {
    const promised = await renumberUntilKilled(file, 2 + ((round * 5) % 17));
    const outbox = openOutbox({ file, node, key, clock: { now: () => NOW }, log });
    const { count } = JSON.parse(outbox.loadState('line') ?? '{}') as { count: number };
    expect(count).toBeGreaterThanOrEqual(promised);
    const waiting = outbox.pending(100_000).map(({ body }) => JSON.parse(body) as ViolationEvent);
    const db = new Sqlite(file, { readonly: true });
    const refused = db.prepare<[], string>('SELECT body FROM refused').pluck().all();
    db.close();
    const kept = [...waiting, ...refused.map((body) => JSON.parse(body) as ViolationEvent)];
    expect(kept.map((event) => event.objects[0]?.track).sort((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: count }, (_, i) => i + 1),
    );
    expect(new Set(kept.map(({ seq }) => seq)).size).toBe(count);
    expect(Math.max(...kept.map(({ seq }) => seq))).toBeLessThanOrEqual(outbox.lastSeq());
    expect(kept.every((event) => verifyEvent(event, key.publicKeyPem))).toBe(true);
    outbox.close();
  }
}, 180_000);

test('an outbox of the version before is brought up to date: what it kept as refused goes again', () => {
  const file = join(folder, 'outbox.db');
  const made = openOutbox({ file, node, key, clock: { now: () => NOW }, log });
  const [first] = made.append({ drafts: [stallDraft(1), stallDraft(2)], files: [], states: [] });
  made.settle([{ id: first?.id ?? '', rev: 1, seq: 1, status: 'quarantined', reason: 'ING_UNKNOWN_NODE: node-1' }]);
  made.close();
  const db = new Sqlite(file);
  for (const index of ['events_id', 'refused_id', 'refused_due']) db.exec(`DROP INDEX ${index}`);
  const added = { events: ['born', 'tries'], refused: ['born', 'code', 'tries', 'last_at', 'next_at'] };
  for (const [table, columns] of Object.entries({ ...added, heads: ['born', 'raised', 'body'] })) {
    for (const column of columns) db.exec(`ALTER TABLE ${table} DROP COLUMN ${column}`);
  }
  db.exec('DROP TABLE observation_hours');
  db.pragma('user_version = 1');
  db.close();
  const outbox = openOutbox({ file, node, key, clock: { now: () => NOW }, log });
  expect(outbox.pending(9).map(({ seq }) => seq)).toEqual([2]);
  expect(outbox.refusedRows()).toMatchObject([{ seq: 1, code: 'ING_UNKNOWN_NODE', tries: 1 }]);
  expect(outbox.refusedDue(NOW, 9).map(({ seq }) => seq)).toEqual([1]);
  outbox.settle([{ id: first?.id ?? '', rev: 1, seq: 1, status: 'stored' }]);
  expect(outbox.refusedCount()).toBe(0);
  outbox.close();
});
