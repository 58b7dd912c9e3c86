import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GENESIS, type ViolationEvent } from '../../contracts/event.ts';
import { openOutbox } from '../../edge/outbox/index.ts';
import { systemClock } from '../../platform/clock.ts';
import { createLog } from '../../platform/log.ts';
import { deriveNodeKey, eventHash, verifyEvent } from '../../platform/signing.ts';
import { jpegRef, stallDraft } from './drafts.ts';

const node = 'node-1';
const key = deriveNodeKey(node);
const log = createLog({ level: 'silent' });
let folder = '';
let file = '';
const openHere = (clock = systemClock) => openOutbox({ file, node, key, clock, log });
const onlyDrafts = (...drafts: ReturnType<typeof stallDraft>[]) => ({ drafts, files: [], states: [] });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kerbwatch-outbox-'));
  file = join(folder, 'outbox.db');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('hours of counts', () => {
  const START = Date.parse('2026-11-23T02:00:00.000Z');
  const add = (outbox: ReturnType<typeof openHere>, passes: number, zone = 'gate') => {
    const tally = { camera: 'cam-1', zone, kind: 'muck-truck', hour: START, watchedMs: 10_000 } as const;
    outbox.append({ drafts: [], files: [], states: [], hours: [{ ...tally, statistics: { passes } }] });
  };

  test('add up over a restart, and are pending until the hub has them as they are', () => {
    let now = START;
    const clock = { now: () => now };
    let outbox = openHere(clock);
    add(outbox, 2);
    const [first] = outbox.hoursPending(9, 0);
    now += 60_000;
    add(outbox, 1);
    outbox.close();
    outbox = openHere(clock);
    // The ack of what has changed since.
    outbox.hoursStored([{ n: first?.n ?? 0, rev: first?.rev ?? 0 }]);
    const [second] = outbox.hoursPending(9, 0);
    expect(second).toMatchObject({ hour: START, watchedMs: 20_000, statistics: '{"passes":3}', rev: now });
    outbox.hoursStored([{ n: second?.n ?? 0, rev: second?.rev ?? 0 }]);
    expect(outbox.hoursPending(9, 0)).toEqual([]);
    // The clock is set back: the revision rises all the same.
    now -= 3_600_000;
    add(outbox, 1);
    expect(outbox.hoursPending(9, 0)[0]?.rev).toBe((second?.rev ?? 0) + 1);
    outbox.close();
  });

  test('a batch that fails adds nothing', () => {
    const outbox = openHere();
    const hours = [
      { camera: 'c', zone: 'z', kind: 'muck-truck', hour: 0, watchedMs: 1, statistics: { passes: 1 } },
    ] as const;
    const bad = { ...stallDraft(1), score: 7 };
    expect(() => outbox.append({ drafts: [bad], files: [], states: [], hours })).toThrow(/does not fit/);
    expect(outbox.hoursPending(9, 0)).toEqual([]);
    outbox.close();
  });

  test('what the hub has goes by age, what it has not only when there are too many', () => {
    const outbox = openHere({ now: () => START });
    for (const zone of ['a', 'b', 'c', 'd']) add(outbox, 1, zone);
    const zones = () => outbox.hoursPending(9, 0).map(({ zone }) => zone);
    outbox.hoursStored(outbox.hoursPending(1, 0));
    outbox.forgetHours(START + 1);
    expect(zones()).toEqual(['b', 'c', 'd']);
    outbox.forgetHours(START + 1, 2);
    expect(zones()).toEqual(['c', 'd']);
    outbox.close();
  });
});

describe('append', () => {
  test('numbers, chains and signs messages, and counts revisions of an event', () => {
    const outbox = openHere();
    const [first, second] = outbox.append(onlyDrafts(stallDraft(1), stallDraft(1, { phase: 'update' })));
    const [third] = outbox.append(onlyDrafts(stallDraft(2)));
    expect([first?.seq, second?.seq, third?.seq]).toEqual([1, 2, 3]);
    expect([first?.rev, second?.rev, third?.rev]).toEqual([1, 2, 1]);
    expect(first?.chain.prev).toBe(GENESIS);
    expect(second?.chain.prev).toBe(eventHash(first as ViolationEvent));
    expect(third?.chain.prev).toBe(eventHash(second as ViolationEvent));
    for (const row of outbox.pending(10))
      expect(verifyEvent(JSON.parse(row.body) as ViolationEvent, key.publicKeyPem)).toBe(true);
    outbox.close();
  });

  test('goes on where it was after a restart', () => {
    let outbox = openHere();
    const [first] = outbox.append(onlyDrafts(stallDraft(1)));
    outbox.settle([{ id: first?.id ?? '', rev: 1, seq: 1, status: 'stored' }]);
    outbox.close();
    outbox = openHere();
    const [again] = outbox.append(onlyDrafts(stallDraft(1, { phase: 'end' })));
    expect(again).toMatchObject({ seq: 2, rev: 2, chain: { prev: eventHash(first as ViolationEvent) } });
    outbox.close();
  });

  test('a batch that does not fit the wire changes nothing, and the next has no gap', () => {
    const outbox = openHere();
    const bad = { ...stallDraft(2), score: 7 };
    const states = [{ name: 'line', json: '{"n":1}' }];
    expect(() => outbox.append({ drafts: [stallDraft(1), bad], files: [], states })).toThrow(
      /EDGE_OUTBOX|does not fit/,
    );
    expect(outbox.depth().depth).toBe(0);
    expect(outbox.loadState('line')).toBeNull();
    expect(outbox.append(onlyDrafts(stallDraft(3)))[0]).toMatchObject({ seq: 1, chain: { prev: GENESIS } });
    outbox.close();
  });

  test('saves state with the findings', () => {
    const outbox = openHere();
    outbox.append({ drafts: [stallDraft(1)], files: [], states: [{ name: 'line', json: '{"n":1}' }] });
    outbox.append({ drafts: [], files: [], states: [{ name: 'line', json: '{"n":2}' }] });
    expect(outbox.loadState('line')).toBe('{"n":2}');
    expect(outbox.depth().depth).toBe(1);
    outbox.close();
  });

  test('a full disk is EDGE_DISK_FULL, nothing is half there, and the same batch goes in once there is room', () => {
    const outbox = openHere();
    outbox.append(onlyDrafts(stallDraft(1)));
    outbox.close();
    const limited = openHere();
    limited.limitPages(1); // SQLite raises it to what the file has already
    const large = Array.from({ length: 200 }, (_, i) => stallDraft(i + 2));
    expect(() => limited.append(onlyDrafts(...large))).toThrow(expect.objectContaining({ code: 'EDGE_DISK_FULL' }));
    expect(limited.depth().depth).toBe(1);
    limited.limitPages(1_000_000);
    expect(limited.append(onlyDrafts(...large)).at(-1)?.seq).toBe(201);
    limited.close();
  });
});

describe('settle', () => {
  test('only the ack of that very message lets it go', () => {
    const outbox = openHere();
    const [event] = outbox.append(onlyDrafts(stallDraft(1)));
    const id = event?.id ?? '';
    const strangers = [
      { id, rev: 2, seq: 1, status: 'stored' as const },
      { id, rev: 1, seq: 2, status: 'stored' as const },
      { id: stallDraft(9).id, rev: 1, seq: 1, status: 'stored' as const },
      { id: '', rev: 0, seq: 0, status: 'quarantined' as const },
    ];
    expect(outbox.settle(strangers)).toEqual({ settled: [], refused: [], unknown: 4 });
    expect(outbox.depth().depth).toBe(1);
    expect(outbox.settle([{ id, rev: 1, seq: 1, status: 'duplicate' }]).settled).toEqual([1]);
    expect(outbox.depth()).toEqual({ depth: 0, oldestAt: null });
    outbox.close();
  });

  test('a quarantined message is kept as refused', () => {
    const outbox = openHere();
    const [event] = outbox.append(onlyDrafts(stallDraft(1)));
    outbox.settle([{ id: event?.id ?? '', rev: 1, seq: 1, status: 'quarantined', reason: 'ING_SIGNATURE' }]);
    expect(outbox.pending(10)).toEqual([]);
    expect(outbox.refusedCount()).toBe(1);
    outbox.close();
    const db = new Sqlite(file, { readonly: true });
    expect(db.prepare('SELECT reason, body FROM refused').get()).toMatchObject({ reason: 'ING_SIGNATURE' });
    db.close();
  });
});

describe('evidence', () => {
  const sha = (n: number) => String(n).repeat(64);
  const policy = { maxBytes: 100, deliveredBefore: 0 };

  test('is offered for upload only once the hub has an event that names it', () => {
    const outbox = openHere();
    const draft = stallDraft(1, { evidence: [jpegRef(sha(1), 80)] });
    const [event] = outbox.append({ drafts: [draft], files: [{ sha256: sha(1), path: 'a.jpg' }], states: [] });
    expect(outbox.evidencePending(10)).toEqual([]);
    expect(outbox.undeliveredCount()).toBe(1);
    outbox.settle([{ id: event?.id ?? '', rev: 1, seq: 1, status: 'stored' }]);
    expect(outbox.evidencePending(10)).toEqual([
      { sha256: sha(1), bytes: 80, mime: 'image/jpeg', path: 'a.jpg', uploadedBytes: 0 },
    ]);
    outbox.evidenceDelivered(sha(1), 5);
    expect(outbox.evidencePending(10)).toEqual([]);
    outbox.close();
  });

  test('a file named only by a later revision becomes known with that one', () => {
    const outbox = openHere();
    const [start] = outbox.append({
      drafts: [stallDraft(1, { evidence: [jpegRef(sha(1), 80)] })],
      files: [{ sha256: sha(1), path: 'a.jpg' }],
      states: [],
    });
    outbox.settle([{ id: start?.id ?? '', rev: 1, seq: 1, status: 'stored' }]);
    outbox.append({
      drafts: [stallDraft(1, { phase: 'end', evidence: [jpegRef(sha(1), 80), jpegRef(sha(2), 70)] })],
      files: [{ sha256: sha(2), path: 'b.jpg' }],
      states: [],
    });
    outbox.settle([{ id: start?.id ?? '', rev: 2, seq: 2, status: 'stored' }]);
    expect(outbox.evidencePending(10).map((file) => file.path)).toEqual(['a.jpg', 'b.jpg']);
    outbox.close();
  });

  test('a file that only a refused revision names is never offered', () => {
    const outbox = openHere();
    const evidence = [jpegRef(sha(1), 80)];
    const more = [...evidence, jpegRef(sha(2), 70)];
    const [start] = outbox.append({
      drafts: [stallDraft(1, { evidence }), stallDraft(1, { phase: 'end', evidence: more })],
      files: [
        { sha256: sha(1), path: 'a.jpg' },
        { sha256: sha(2), path: 'b.jpg' },
      ],
      states: [],
    });
    const id = start?.id ?? '';
    outbox.settle([
      { id, rev: 1, seq: 1, status: 'stored' },
      { id, rev: 2, seq: 2, status: 'quarantined', reason: 'ING_CONFLICT' },
    ]);
    expect(outbox.evidencePending(10).map((file) => file.path)).toEqual(['a.jpg']);
    outbox.close();
  });

  test('goes for room only when delivered, ended and acknowledged; oldest first', () => {
    const outbox = openHere();
    const finish = (n: number, end: boolean, ack: boolean, deliveredAt: number | null) => {
      const [event] = outbox.append({
        drafts: [stallDraft(n, { phase: end ? 'end' : 'start', evidence: [jpegRef(sha(n), 60)] })],
        files: [{ sha256: sha(n), path: `${n}.jpg` }],
        states: [],
      });
      if (ack && event) outbox.settle([{ id: event.id, rev: 1, seq: event.seq, status: 'stored' }]);
      if (deliveredAt !== null) outbox.evidenceDelivered(sha(n), deliveredAt);
    };
    finish(1, true, true, 20);
    finish(2, true, true, 10);
    finish(3, false, true, 1); // still going on
    finish(4, true, false, 2); // not acknowledged
    finish(5, true, true, null); // not delivered
    expect(outbox.prunable(policy).map((f) => f.path)).toEqual(['2.jpg', '1.jpg']);
    expect(outbox.prunable({ maxBytes: 299, deliveredBefore: 0 }).map((f) => f.path)).toEqual(['2.jpg']);
    expect(outbox.prunable({ maxBytes: 1000, deliveredBefore: 15 }).map((f) => f.path)).toEqual(['2.jpg']);
    expect(outbox.prunable({ maxBytes: 1000, deliveredBefore: 0 })).toEqual([]);
    outbox.close();
  });
});

describe('opening', () => {
  test('refuses the outbox of another node, a newer version and a file that is none', async () => {
    openHere().close();
    expect(() => openOutbox({ file, node: 'other', key, clock: systemClock, log })).toThrow(/belongs to node node-1/);
    const db = new Sqlite(file);
    db.pragma('user_version = 99');
    db.close();
    expect(openHere).toThrow(/version 99 is newer/);
    await writeFile(file, 'this is not a database, but long enough to look at'.repeat(100));
    expect(openHere).toThrow(expect.objectContaining({ code: 'EDGE_OUTBOX' }));
  });
});

describe('kill -9', () => {
  const child = fileURLToPath(new URL('./outbox-child.ts', import.meta.url));

  async function appendUntilKilled(afterLines: number): Promise<number> {
    const process = spawn(globalThis.process.execPath, ['--import', 'tsx', child, file, node], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    let lines = 0;
    for await (const chunk of process.stdout) {
      text += String(chunk);
      lines = text.split('\n').length - 1;
      if (lines >= afterLines && !process.killed) process.kill('SIGKILL');
    }
    // The last line may be cut off by the kill: only whole ones were promised.
    return Number(text.split('\n').slice(0, -1).at(-1) ?? 0);
  }

  test('20 times in the middle of appends: no gap, chain whole, state, findings and counts agree, nothing promised is lost', async () => {
    let last: ViolationEvent | null = null;
    for (let round = 0; round < 20; round++) {
      const promised = await appendUntilKilled(1 + ((round * 7) % 23));
      const outbox = openHere();
      const events = outbox.pending(100_000).map((row) => JSON.parse(row.body) as ViolationEvent);
      const { count } = JSON.parse(outbox.loadState('line') ?? '{}') as { count: number };
      expect(events.at(-1)?.seq).toBe(count);
      expect(count).toBeGreaterThanOrEqual(promised);
      expect(outbox.hoursPending(9, 0).map(({ statistics }) => statistics)).toEqual([`{"passes":${count}}`]);
      expect(events.at(-1)?.objects[0]?.track).toBe(count);
      events.forEach((event, i) => {
        expect(verifyEvent(event, key.publicKeyPem)).toBe(true);
        const before = events[i - 1];
        if (before) {
          expect(event.seq).toBe(before.seq + 1);
          expect(event.chain.prev).toBe(eventHash(before));
        } else if (event.seq === 1) expect(event.chain.prev).toBe(GENESIS);
      });
      if (last && events[0]?.seq === last.seq + 1) expect(events[0].chain.prev).toBe(eventHash(last));
      if (last) expect(count).toBeGreaterThan(last.seq);
      last = events.at(-1) ?? null;
      // Everything but the newest message leaves, as it would under a hub's acks.
      outbox.settle(
        events
          .slice(0, -1)
          .map((event) => ({ id: event.id, rev: event.rev, seq: event.seq, status: 'stored' as const })),
      );
      outbox.close();
    }
    expect(last?.seq).toBeGreaterThan(100);
  }, 180_000);
});
