/** The hub's disk is full, really: files are refused with a code and come later, readiness says why, events go on as long as they can. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Hub, startHub } from '../../hub/main.ts';
import { openRootKey } from '../../hub/registry/root-key.ts';
import { openStore } from '../../hub/storage/store.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { systemClock } from '../../platform/clock.ts';
import { loadOrCreateKey } from '../../platform/signing.ts';
import { writeOnce } from '../../platform/write-once.ts';
import { needs } from '../needs.ts';
import { until } from '../processes.ts';
import { connectNode, createTestNode, NODE_PASSWORD, START, type TestLink } from './node.ts';
import { quiet } from './stores.ts';

const A = 'node-a';

describe.skipIf(!needs('tmpfs'))('a full disk at the hub', () => {
  const disk = mkdtempSync(join(tmpdir(), 'kerbwatch-hub-full-'));
  const filler = join(disk, 'filler');
  let made = 0;
  let hub: Hub;
  let link: TestLink;
  let node: ReturnType<typeof createTestNode>;

  beforeAll(() => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', disk]);
  });
  afterAll(() => {
    execFileSync('umount', [disk]);
    rmSync(disk, { recursive: true, force: true });
  });
  async function open(freeMegabytes: number): Promise<void> {
    const folder = join(disk, `hub-${made++}`);
    mkdirSync(folder);
    hub = await startHub(
      {
        database: `sqlite:${join(folder, 'hub.db')}`,
        dataDir: folder,
        http: { host: '127.0.0.1', port: 0 },
        mqtt: 'embedded',
        broker: { host: '127.0.0.1', port: 0 },
        evidence: { freeMegabytes },
      },
      { log: quiet, clock: systemClock },
    );
    node = createTestNode(A);
    await node.register(hub.store);
    link = await connectNode(hub.mqttUrl ?? '', A);
  }
  afterEach(async () => {
    rmSync(filler, { force: true });
    await link.close();
    await hub.close();
    rmSync(join(disk, `hub-${made - 1}`), { recursive: true, force: true });
  });

  /** Takes what is left but so many bytes. */
  function fill(leave: number): void {
    const file = openSync(filler, 'w');
    const free = Number(execFileSync('stat', ['-f', '-c', '%a %S', disk], { encoding: 'utf8' }).split(' ')[0]) * 4096;
    for (let left = Math.max(0, free - leave); left > 0; left -= 65_536) {
      try {
        writeSync(file, Buffer.alloc(Math.min(left, 65_536)));
      } catch (error) {
        expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
        break;
      }
    }
    closeSync(file);
  }

  async function announce(bytes: Buffer, key: string, size = bytes.length): Promise<void> {
    const at = new Date(START).toISOString();
    const ref = { role: 'during', sha256: sha256Hex(bytes), mime: 'image/jpeg', bytes: size, at } as const;
    const before = link.acks.length;
    await link.send(node.tell({ key, zone: key, evidence: [{ ...ref, width: 64, height: 48 }] }));
    await link.until((acks) => acks.length > before);
  }
  const authorization = `Basic ${Buffer.from(`${A}:${NODE_PASSWORD}`).toString('base64')}`;
  async function put(bytes: Buffer, from: number | null = 0) {
    const answer = await fetch(`${hub.url}/api/v1/evidence/${sha256Hex(bytes)}`, {
      method: 'PUT',
      headers: {
        authorization,
        ...(from === null ? {} : { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
      },
      body: new Uint8Array(bytes.subarray(from ?? 0)),
    });
    return [answer.status, answer.ok ? null : ((await answer.json()) as { code: string }).code];
  }
  const readyz = async () => {
    const answer = await fetch(`${hub.url}/readyz`);
    return [answer.status, ((await answer.json()) as { detail?: string }).detail];
  };

  test('below the floor files wait and events are taken; with room again all comes', { timeout: 60_000 }, async () => {
    await open(8);
    const still = randomBytes(100_000);
    await announce(still, 'one');
    expect(await readyz()).toEqual([200, undefined]);
    fill(7_500_000);
    await until('the hub says so', async () => (await readyz())[0] === 503);
    expect((await readyz())[1]).toMatch(/the data disk is nearly full/);
    expect(await put(still)).toEqual([507, 'API_STORAGE_FULL']);
    // What files left free is for these.
    for (let i = 0; i < 100; i++) await link.send(node.tell({ key: `k${i}`, zone: `z${i % 10}` }));
    await link.until((acks) => acks.length === 101);
    expect(link.acks.every(({ status }) => status === 'stored')).toBe(true);
    rmSync(filler);
    await until('the hub is ready again', async () => (await readyz())[0] === 200);
    expect(await put(still)).toEqual([201, null]);
  });

  test('a disk that fills up in mid-file is 507, not a broken file; the rest comes later', {
    timeout: 60_000,
  }, async () => {
    await open(0);
    const clip = randomBytes(4_000_000);
    await announce(clip, 'clip');
    fill(500_000);
    // Refused before its first byte where its size is known …
    expect(await put(clip)).toEqual([507, 'API_STORAGE_FULL']);
    // … and in the middle where the disk fills up meanwhile: as here, where an event says that it is small.
    await announce(clip, 'small', 100);
    expect(await put(clip, null)).toEqual([507, 'API_STORAGE_FULL']);
    rmSync(filler);
    await until('there is room', async () => (await readyz())[0] === 200);
    const head = await fetch(`${hub.url}/api/v1/evidence/${sha256Hex(clip)}`, {
      method: 'HEAD',
      headers: { authorization },
    });
    const have = Number(head.headers.get('upload-offset'));
    expect(have).toBeGreaterThan(0);
    // What is free is asked for once a second.
    await until('the rest has come', async () => (await put(clip, have))[0] === 201, 10_000);
  });

  test('what is made once is whole or not there: keys, and the name at the broker', async () => {
    await open(0);
    const folder = join(disk, 'once');
    mkdirSync(folder);
    fill(0);
    await expect(loadOrCreateKey(join(folder, 'node-key.pem'))).rejects.toMatchObject({ code: 'EDGE_KEY' });
    await expect(
      openRootKey(await openStore('sqlite::memory:', { log: quiet }), { dataDir: folder }, 0),
    ).rejects.toMatchObject({ code: 'HUB_ROOT_KEY' });
    expect(readdirSync(folder)).toEqual([]);
    rmSync(filler);
    const key = await loadOrCreateKey(join(folder, 'node-key.pem'));
    expect((await loadOrCreateKey(join(folder, 'node-key.pem'))).publicKeyPem).toBe(key.publicKeyPem);
    await openRootKey(await openStore('sqlite::memory:', { log: quiet }), { dataDir: folder }, 0);
    expect(readdirSync(folder).sort()).toEqual(['node-key.pem', 'root-key.pem']);
    // Nothing that is there is written over.
    await expect(writeOnce(join(folder, 'node-key.pem'), 'another')).rejects.toMatchObject({ code: 'EEXIST' });
  });

  test('no byte left for the database: events wait unacknowledged and none is lost', { timeout: 60_000 }, async () => {
    await open(0);
    fill(0);
    let sent = 0;
    const acked = () => link.acks.length;
    await until('the disk is full for events too', async () => {
      for (let i = 0; i < 40; i++) await link.send(node.tell({ key: `f${sent}`, zone: `z${sent++ % 10}` }));
      const before = acked();
      await hub.store.db.selectFrom('nodes').select('id').execute();
      return (
        sent > 80 &&
        before < sent - 40 &&
        (await (await fetch(`${hub.url}/metrics`)).text()).match(/kerbwatch_ingest_retries_total [1-9]/) !== null
      );
    });
    rmSync(filler);
    await link.until((acks) => acks.length >= sent);
    const settled = new Set(link.acks.filter(({ status }) => status !== 'quarantined').map(({ seq }) => seq));
    expect(settled.size).toBe(sent);
    const rows = await hub.store.db.selectFrom('messages').select('seq').execute();
    expect(rows).toHaveLength(sent);
  });
});
