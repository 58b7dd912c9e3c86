/**
 * A hub of a checkout, or its broker alone, as a process of its own; ends when its parent does.
 *
 * server-process hub|broker ROOT FOLDER NODE PASSWORD PUBLIC-KEY-FILE: ROOT holds the program (a checkout's dist/, or
 * its sources). Prints one line of JSON when it is up: {"mqttUrl":"…"}.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { topic } from '../../contracts/topics.ts';
import { benchHubConfig } from './hub-config.ts';

type Program = {
  readonly main: typeof import('../../hub/main.ts');
  readonly nodes: typeof import('../../hub/registry/nodes.ts');
  readonly broker: typeof import('../../hub/broker/embedded.ts');
  readonly clock: typeof import('../../platform/clock.ts');
  readonly log: typeof import('../../platform/log.ts');
};

const [what = 'hub', root = '', folder = '', node = '', password = '', keyFile = ''] = process.argv.slice(2);

async function load<N extends keyof Program>(path: string): Promise<Program[N]> {
  const built = join(root, `${path}.js`);
  return (await import(pathToFileURL(existsSync(built) ? built : join(root, `${path}.ts`)).href)) as Program[N];
}

async function startHub(): Promise<string> {
  const { startHub: start } = await load<'main'>('hub/main');
  const { upsertNode } = await load<'nodes'>('hub/registry/nodes');
  const { systemClock } = await load<'clock'>('platform/clock');
  const { createLog } = await load<'log'>('platform/log');
  const hub = await start(benchHubConfig(folder), { log: createLog({ level: 'silent' }), clock: systemClock });
  await upsertNode(hub.store, { id: node, publicKey: readFileSync(keyFile, 'utf8'), password });
  process.once('SIGTERM', () => void hub.close().then(() => process.exit(0)));
  return hub.mqttUrl ?? '';
}

/** The broker with one subscriber that does nothing. */
async function startBrokerAlone(): Promise<string> {
  const { startBroker } = await load<'broker'>('hub/broker/embedded');
  const { createLog } = await load<'log'>('platform/log');
  const { MqttClient } = await import('mqtt');
  const broker = await startBroker({
    host: '127.0.0.1',
    port: 0,
    checkNode: async () => 'good',
    onRefused: () => {},
    log: createLog({ level: 'silent' }),
  });
  const hub = new MqttClient(() => broker.connectHub(), { clientId: 'hub', protocolVersion: 4 });
  await hub.subscribeAsync(topic(node, 'events'), { qos: 1 });
  process.once('SIGTERM', () => process.exit(0));
  return `mqtt://127.0.0.1:${broker.port}`;
}

const mqttUrl = what === 'hub' ? await startHub() : await startBrokerAlone();
process.stdout.write(`${JSON.stringify({ mqttUrl })}\n`);
// Its parent holds the other end of stdin: whatever becomes of that one, nothing stays behind.
process.stdin.resume().once('end', () => process.exit(1));
