/** A file that the hub's disk lost comes back from the node by itself: real hub, real outbox and uplink. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { openOutbox } from '../../edge/outbox/index.ts';
import { carryOut } from '../../edge/uplink/carry-out.ts';
import { createUplink } from '../../edge/uplink/index.ts';
import { startHub } from '../../hub/main.ts';
import { upsertNode } from '../../hub/registry/nodes.ts';
import { upsertUser } from '../../hub/registry/users.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { systemClock } from '../../platform/clock.ts';
import { deriveNodeKey } from '../../platform/signing.ts';
import { logIn, PASSWORD } from '../api/seeded-hub.ts';
import { jpegRef, stallDraft } from '../edge/drafts.ts';
import { quiet } from '../hub/stores.ts';
import { until } from '../processes.ts';

test('lost by the hub, asked for, sent again', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-lost-'));
  const [node, clock] = ['node-1', systemClock];
  const hub = await startHub(
    {
      database: `sqlite:${join(folder, 'hub.db')}`,
      dataDir: join(folder, 'hub'),
      http: { host: '127.0.0.1', port: 0 },
      mqtt: 'embedded',
      broker: { host: '127.0.0.1', port: 0 },
    },
    { log: quiet, clock },
  );
  const key = deriveNodeKey(node);
  await upsertNode(hub.store, { id: node, publicKey: key.publicKeyPem, password: PASSWORD });
  await upsertUser(hub.store, { name: 'viewer', displayName: 'viewer', role: 'viewer', password: PASSWORD });
  const viewer = await logIn(hub.url, 'viewer');
  const evidenceDir = join(folder, 'node');
  mkdirSync(evidenceDir);
  const outbox = openOutbox({ file: join(folder, 'outbox.db'), node, key, clock, log: quiet });
  const uplink = createUplink({
    ...{ node, mqtt: hub.mqttUrl ?? '', evidence: hub.url, password: PASSWORD, ca: null, version: '0' },
    ...{ queue: outbox, evidenceDir, clock, random: Math.random, log: quiet },
    onConfig: async ({ version }) => ({ version, ok: true, faults: [] }),
    onCommand: (command) =>
      carryOut(command, { reload: null, resend: outbox.resendRefused, deliverAgain: outbox.evidenceWanted }),
  });
  try {
    uplink.start();
    const still = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#246' } })
      .jpeg()
      .toBuffer();
    const sha256 = sha256Hex(still);
    writeFileSync(join(evidenceDir, 'still.jpg'), still);
    const drafts = [stallDraft(1, { evidence: [jpegRef(sha256, still.length)] })];
    outbox.append({ drafts, files: [{ sha256, path: 'still.jpg' }], states: [] });
    const status = async () => (await viewer.call('GET', `/api/v1/evidence/${sha256}`)).status;
    await until('it has come', async () => (await status()) === 200);
    const file = join(folder, 'hub', 'evidence', 'blobs', sha256.slice(0, 2), sha256);
    for (const lose of [() => rmSync(file), () => writeFileSync(file, 'rotten')]) {
      await until('it is delivered', () => outbox.undeliveredCount() === 0);
      lose();
      expect(await status()).toBe(404);
      await until('it is back', async () => (await status()) === 200);
    }
  } finally {
    await uplink.close();
    outbox.close();
    await hub.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
