/** Starts a hub, or a broker alone, in a process of its own and publishes a backlog to it from this one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { connectAsync, type MqttClient } from 'mqtt';
import type { AckBatch } from '../../contracts/ack.ts';
import { topic } from '../../contracts/topics.ts';
import { cpuOf } from '../cost/tree-cost.ts';

/** Unanswered events at a time. */
const IN_FLIGHT = 200;
const PASSWORD = 'bench password';

export type Published = {
  readonly perSecond: number /** The server's CPU seconds for one event. */;
  readonly cpuSeconds: number;
};

export type ServerOrder = {
  readonly what: 'hub' | 'broker';
  /** Where the program lies: a checkout's sources, or what was built of them. */
  readonly root: string;
  readonly folder: string;
  readonly node: string;
  readonly publicKeyFile: string;
};

function start({ what, root, folder, node, publicKeyFile }: ServerOrder): ChildProcess {
  const fromSources = import.meta.url.endsWith('.ts');
  const file = fileURLToPath(new URL(`./server-process.${fromSources ? 'ts' : 'js'}`, import.meta.url));
  const tsx = () => pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const args = [...(fromSources ? ['--import', tsx()] : []), file, what, root, folder, node, PASSWORD, publicKeyFile];
  return spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
}

/** Publishes all; an event is answered by the hub's ack or, of a broker alone, by the broker's. */
async function publishAll(client: MqttClient, { what, node }: ServerOrder, payloads: readonly string[]) {
  const [events, acks] = [topic(node, 'events'), topic(node, 'acks')];
  let [sent, answered] = [0, 0];
  await client.subscribeAsync(acks, { qos: 1 });
  const began = performance.now();
  await new Promise<void>((resolve, reject) => {
    const go = () => {
      if (answered >= payloads.length) return resolve();
      while (sent < payloads.length && sent - answered < IN_FLIGHT) {
        client.publish(events, payloads[sent++] ?? '', { qos: 1 }, (error) => {
          if (error) reject(error);
          else if (what === 'broker') {
            answered++;
            go();
          }
        });
      }
    };
    client.on('message', (_topic, payload) => {
      const { acks: batch } = JSON.parse(payload.toString()) as AckBatch;
      const refused = batch.find((ack) => ack.status !== 'stored');
      if (refused) reject(new Error(`the hub answered ${refused.status}: ${refused.reason ?? ''}`));
      answered += batch.length;
      go();
    });
    go();
  });
  return (payloads.length * 1000) / (performance.now() - began);
}

/** Publishes all payloads to a server in a process of its own and waits for its answers. */
export async function publishTo(order: ServerOrder, payloads: readonly string[]): Promise<Published> {
  const child = start(order);
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the ${order.what} ended with ${code}`);
  });
  ended.catch(() => {});
  try {
    const lines = createInterface(child.stdout as NodeJS.ReadableStream);
    const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
    const { mqttUrl } = JSON.parse(line) as { mqttUrl: string };
    const login = { clientId: order.node, username: order.node, password: PASSWORD, protocolVersion: 4 as const };
    const client = await connectAsync(mqttUrl, login);
    const before = cpuOf([child.pid ?? 0]);
    const perSecond = await Promise.race([publishAll(client, order, payloads), ended]);
    const cpuSeconds = (cpuOf([child.pid ?? 0]) - before) / payloads.length;
    await client.endAsync(true);
    return { perSecond, cpuSeconds };
  } finally {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    }
  }
}
