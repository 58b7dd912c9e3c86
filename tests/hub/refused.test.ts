/** A refusal loses nothing: real broker, hub and outbox; the cause is mended, and everything is there once. */
import { execFile } from 'node:child_process';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { ViolationEvent } from '../../contracts/event.ts';
import type { EventDraft } from '../../edge/outbox/index.ts';
import { upsertNode } from '../../hub/registry/nodes.ts';
import { timestamp } from '../../platform/clock.ts';
import { packageRoot } from '../../platform/paths.ts';
import { deriveNodeKey } from '../../platform/signing.ts';
import { stallDraft } from '../edge/drafts.ts';
import { needs } from '../needs.ts';
import { until } from '../processes.ts';
import { key, many, node, useRefusedStage } from './refused-stage.ts';

const run = promisify(execFile);
const otherKey = deriveNodeKey('another box');

describe.skipIf(!needs('mosquitto'))('refused messages over Mosquitto', () => {
  const { stage, startHere, openWith, depth, settled, append, connect, register, view, messages } = useRefusedStage();

  test('a node that is registered late: everything it had found arrives, once and in its chain', async () => {
    append(...many(40));
    connect();
    await until('all are refused', () => depth() === 0 && stage.outbox.refusedCount() === 40);
    expect(stage.outbox.refusedRows()[0]).toMatchObject({ code: 'ING_UNKNOWN_NODE', tries: 1 });
    expect(stage.outbox.refusedRows()[0]?.reason).toMatch(/^ING_UNKNOWN_NODE: .* → Register the node/);
    await register();
    await until('all are settled', settled);
    expect((await messages()).map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(await view()).toMatchObject({ lastSeq: 40, missing: [], quarantined: 0, refusals: [], forks: 0 });
  });

  test('a wrong key that is corrected', async () => {
    await register(otherKey.publicKeyPem);
    append(...many(5));
    connect();
    await until('all are refused', () => depth() === 0 && stage.outbox.refusedCount() === 5);
    expect(await view()).toMatchObject({
      refusals: expect.arrayContaining([expect.objectContaining({ code: 'ING_SIGNATURE', messages: 5, times: 5 })]),
    });
    await register();
    await until('all are settled', settled);
    expect(await messages()).toHaveLength(5);
    expect(await view()).toMatchObject({ missing: [], quarantined: 0 });
  });

  test('a box that lost its own key signs what was refused anew', async () => {
    append(...many(3));
    stage.outbox.close();
    const fresh = deriveNodeKey('a new key of the same box');
    stage.outbox = openWith(fresh);
    append(...many(2, 3));
    await register(fresh.publicKeyPem);
    connect();
    await until('all are settled', settled);
    expect((await messages()).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    // Each of the three has another hash than the one that its follower names.
    expect(await view()).toMatchObject({ missing: [], forks: 3 });
  });

  test('a box whose key was revoked gets a new one, and what was refused is signed anew', async () => {
    await register();
    const body = { reason: 'the box stood open' };
    expect((await stage.admin.call('POST', `/api/v1/nodes/${node}/keys/revoke`, { body })).status).toBe(200);
    append(...many(3));
    connect();
    await until('all are refused', () => depth() === 0 && stage.outbox.refusedCount() === 3);
    expect(stage.outbox.refusedRows().map(({ code }) => code)).toEqual(Array(3).fill('ING_KEY_REVOKED'));
    await stage.uplink?.close();
    stage.outbox.close();
    const fresh = deriveNodeKey('a new key after the revocation');
    stage.outbox = openWith(fresh);
    append(...many(2, 3));
    await register(fresh.publicKeyPem);
    connect();
    await until('all are settled', settled);
    expect((await messages()).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  });

  test('an outbox restored from an older copy: nothing lost, nothing doubled, the fork stays to be seen', async () => {
    await register();
    append(...many(10), stallDraft(90, { phase: 'start' }));
    connect();
    await until('the first part is stored', settled);
    await stage.uplink?.close();
    stage.outbox.close();
    const copy = join(stage.folder, 'copy.db');
    copyFileSync(stage.file, copy);
    stage.outbox = openWith(key);
    const later = (draft: EventDraft, seconds: number) => ({
      ...draft,
      at: timestamp(Date.parse(draft.at) + seconds * 1000),
    });
    append(
      later(stallDraft(90, { phase: 'update' }), 60),
      ...many(10, 20),
      later(stallDraft(90, { phase: 'update' }), 90),
    );
    connect();
    await until('the part that the copy lacks is stored', settled);
    await stage.uplink?.close();
    stage.outbox.close();
    copyFileSync(copy, stage.file);
    stage.outbox = openWith(key);
    // More than the hub has, so that some of the new numbers are free there and some are not.
    const end = later(stallDraft(90, { phase: 'end' }), 120);
    append(...many(30, 40), later(stallDraft(90, { phase: 'update' }), 100), ...many(5, 80), end);
    connect();
    await until('all are settled', settled);

    const found = await messages();
    const ids = new Set(found.map(({ id }) => id));
    const reported = [...many(10), ...many(10, 20), ...many(30, 40), ...many(5, 80), end];
    expect(reported.filter(({ id }) => !ids.has(id))).toEqual([]);
    // Each event once but the long one: three revisions before the copy was restored, two after.
    expect(found).toHaveLength(reported.length - 1 + 5);
    expect(found.map(({ seq }) => seq)).toEqual(found.map((_, i) => i + 1));
    const shown = await stage.hub.store.db
      .selectFrom('events')
      .select(['phase', 'at'])
      .where('id', '=', end.id)
      .execute();
    expect(shown).toEqual([{ phase: 'end', at: end.at }]);
    const seen = await view();
    expect(seen).toMatchObject({ missing: [], quarantined: 0 });
    expect(seen.forks).toBeGreaterThan(0);
    expect(new Set(seen.latestForks.map(({ kind }) => kind))).toContain('prev');
    expect(await (await fetch(`${stage.hub.url}/metrics`)).text()).toMatch(
      /kerbwatch_chain_forks_total\{node="node-1"\} \d/,
    );
    const branches = await stage.hub.store.db.selectFrom('forks').select('body').where('kind', '=', 'seq').execute();
    expect(branches.length).toBeGreaterThan(0);
    for (const { body } of branches) expect((JSON.parse(body ?? '') as ViolationEvent).node).toBe(node);
  });

  test('a data folder that was lost whole: the node goes on after what the hub has', async () => {
    await register();
    append(...many(12));
    connect();
    await until('the first part is stored', settled);
    await stage.uplink?.close();
    stage.outbox.close();
    for (const end of ['', '-wal', '-shm']) rmSync(`${stage.file}${end}`, { force: true });
    stage.outbox = openWith(key);
    append(...many(4, 50));
    connect();
    await until('all are settled', settled);
    expect((await messages()).map(({ seq }) => seq)).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
  });

  test('one command at the box, beside the running node', async () => {
    const config = join(stage.folder, 'edge.yaml');
    writeFileSync(
      config,
      stringify({
        node,
        dataDir: 'edge',
        modelsDir: 'models',
        model: 'kerb-s',
        uplink: { mqtt: stage.mosquitto.url, password: 'env:KERBWATCH_TEST_MQTT', evidence: stage.hub.url },
        cameras: [{ id: 'cam-1', kind: 'street', source: { url: 'x.mp4' }, zones: [zone] }],
      }),
    );
    const kerbwatch = async (...args: string[]) =>
      (
        await run(process.execPath, [
          '--import',
          'tsx',
          join(packageRoot(), 'cli/main.ts'),
          ...args,
          '--config',
          config,
        ])
      ).stdout;
    append(...many(3));
    connect();
    await until('all are refused', () => depth() === 0 && stage.outbox.refusedCount() === 3);
    const lines = (await kerbwatch('outbox', 'list', '--json')).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { code: string }).code)).toEqual(Array(3).fill('ING_UNKNOWN_NODE'));
    // Past the API: nobody tells the node.
    await upsertNode(stage.hub.store, { id: node, publicKey: key.publicKeyPem });
    expect(await kerbwatch('outbox', 'resend')).toBe('3 go to the hub again\n');
    await until('all are settled', settled);
    expect(await kerbwatch('outbox', 'list')).toBe('nothing was refused\n');
  });

  test('a new connection', async () => {
    append(...many(3));
    connect();
    await until('all are refused', () => depth() === 0 && stage.outbox.refusedCount() === 3);
    await upsertNode(stage.hub.store, { id: node, publicKey: key.publicKeyPem });
    await stage.uplink?.close();
    connect();
    await until('all are settled', settled);
  });

  test('a hub whose clock was years behind is set right and started again', async () => {
    await register();
    await stage.hub.close();
    stage.hub = await startHere({ now: () => Date.parse('2025-01-01T00:00:00.000Z') });
    append(...many(3));
    connect();
    await until('all are refused', () => depth() === 0 && stage.outbox.refusedCount() === 3);
    expect(stage.outbox.refusedRows()[0]?.reason).toMatch(/^ING_TIME: startedAt: .* more than 24 h ahead of the hub/);
    await stage.hub.close();
    stage.hub = await startHere();
    await until('all are settled', settled);
    expect(await messages()).toHaveLength(3);
  });

  test('what has no hope holds nothing up and costs the hub one row', async () => {
    await register();
    const hopeless = many(20).map((draft) => ({ ...draft, endedAt: timestamp(Date.parse(draft.startedAt) - 1) }));
    append(...hopeless, ...many(20, 50));
    connect();
    await until(
      'the others are stored',
      async () => (await messages()).length === 20 && stage.outbox.refusedCount() === 20,
    );
    stage.outbox.resendRefused();
    await until('they were tried again', () => stage.outbox.refusedRows().every(({ tries }) => tries >= 2));
    append(...many(1, 80));
    await until('a younger one is stored', () => depth() === 0);
    const rows = (
      await stage.hub.store.db.selectFrom('quarantine').select(['code', 'times', 'payload']).execute()
    ).filter(({ code }) => code === 'ING_TIME');
    expect(rows).toHaveLength(20);
    expect(rows.every(({ times }) => times >= 2)).toBe(true);
    // Whole, however long it is.
    expect(JSON.parse(Buffer.from(rows[0]?.payload ?? '', 'base64').toString()) as unknown).toMatchObject({ node });
  });
});

const zone = {
  id: 'zone-1',
  kind: 'road-stall',
  polygon: [
    [0, 0],
    [1, 0],
    [1, 1],
  ],
};
