/** kill -9 of the hub while 500 events come five times each: nothing is lost, nothing is there twice. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../hub/storage/store.ts';
import { packageRoot } from '../../platform/paths.ts';
import { accepts, freePort, type Running, run, until } from '../processes.ts';
import { connectNode, createTestNode, START } from './node.ts';
import { quiet } from './stores.ts';

const EVENTS = 500;
const ROUNDS = 5;

test('kill -9 of the hub at a random moment of each round', { timeout: 180_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-kill-'));
  const [mqtt, http] = [await freePort(), await freePort()];
  const database = `sqlite:${join(folder, 'hub.db')}`;
  const config = join(folder, 'hub.yaml');
  writeFileSync(
    config,
    `database: ${database}\ndataDir: ${folder}\nbroker: { host: 127.0.0.1, port: ${mqtt} }\nhttp: { host: 127.0.0.1, port: ${http} }\n`,
  );
  const root = packageRoot();
  const start = async (): Promise<Running> => {
    const args = ['--import', 'tsx', join(root, 'cli/main.ts'), 'hub', '--config', config];
    const hub = run(process.execPath, args);
    await until('the broker is open', () => accepts(mqtt), 60_000);
    return hub;
  };
  const node = createTestNode('node-a');
  const store = await openStore(database, { log: quiet });
  await node.register(store);
  await store.close();
  // Ten events on each of fifty spots: fifty cases.
  const events = Array.from({ length: EVENTS }, (_, i) =>
    node.tell({ key: `k${i}`, zone: `z${i % 50}`, startedAt: START + i * 1000 }),
  );
  const settled = new Set<number>();
  let hub = await start();
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const link = await connectNode(`mqtt://127.0.0.1:${mqtt}`, 'node-a');
      const killAfter = Math.floor(Math.random() * EVENTS);
      for (const event of events) {
        link.client.publish(`kerbwatch/v1/node-a/events`, JSON.stringify(event), { qos: 1 });
      }
      const last = round === ROUNDS - 1;
      await link.until((acks) => acks.length >= (last ? EVENTS : killAfter));
      for (const ack of link.acks) if (ack.status !== 'quarantined') settled.add(ack.seq);
      if (!last) await hub.kill('SIGKILL');
      await link.close();
      if (!last) hub = await start();
    }
  } finally {
    await hub.kill('SIGTERM');
  }
  const after = await openStore(database, { log: quiet });
  const count = async (table: 'messages' | 'events' | 'cases' | 'seq_gaps' | 'quarantine') =>
    (await after.db.selectFrom(table).selectAll().execute()).length;
  expect(settled.size).toBe(EVENTS);
  expect([await count('messages'), await count('events'), await count('cases')]).toEqual([EVENTS, EVENTS, 50]);
  expect([await count('seq_gaps'), await count('quarantine')]).toEqual([0, 0]);
  const sightings = await after.db.selectFrom('cases').select('sightings').execute();
  expect(sightings.every((row) => row.sightings === 10)).toBe(true);
  await after.close();
  rmSync(folder, { recursive: true, force: true });
});
