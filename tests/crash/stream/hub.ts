/** A broker that can be killed and a hub that can fall silent, and what the node told them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import type { CameraHealth, CameraStatus, NodeHealth, NodeStatus } from '../../../contracts/status.ts';
import { topic } from '../../../contracts/topics.ts';
import { createTinyHub, createTinyStore } from '../../edge/tiny-hub.ts';
import { accepts, freePort, mosquittoProgram, type Running, run, until } from '../../processes.ts';

export type StagedHub = Awaited<ReturnType<typeof startStagedHub>>;

export async function startStagedHub(folder: string, node: string) {
  const port = await freePort();
  const url = `mqtt://127.0.0.1:${port}`;
  const config = join(folder, 'mosquitto.conf');
  const lines = [`listener ${port} 127.0.0.1`, 'allow_anonymous true', 'persistence true', 'user root'];
  writeFileSync(config, [...lines, `persistence_location ${folder}/`, ''].join('\n'));
  let broker: Running = run(mosquittoProgram, ['-c', config]);
  await until('the broker listens', () => accepts(port));
  const store = await createTinyStore();
  const hub = await createTinyHub(url, node);
  hub.answerWith(() => 'stored');
  /** Of each camera, every status that it has had. */
  const statuses = new Map<string, CameraStatus[]>();
  const onHealth = new Set<(cameras: Readonly<Record<string, CameraHealth>>) => void>();
  const listener = await connectAsync(url, { clientId: 'listener', reconnectPeriod: 100 });
  listener.on('message', (name, payload) => {
    const text = payload.toString();
    if (name === topic(node, 'health')) {
      for (const tell of onHealth) tell((JSON.parse(text) as NodeHealth).cameras);
      return;
    }
    for (const [camera, status] of Object.entries((JSON.parse(text) as NodeStatus).cameras)) {
      const all = statuses.get(camera) ?? [];
      const last = all.at(-1);
      if (last?.since !== status.since || last.state !== status.state) all.push(status);
      statuses.set(camera, all);
    }
  });
  await listener.subscribeAsync([topic(node, 'status'), topic(node, 'health')], { qos: 1 });
  return {
    url,
    hub,
    store,
    onHealth,
    statusesOf: (camera: string): readonly CameraStatus[] => statuses.get(camera) ?? [],
    async killBroker(): Promise<void> {
      await broker.kill('SIGKILL');
    },
    async startBroker(): Promise<void> {
      broker = run(mosquittoProgram, ['-c', config]);
      await until('the broker listens', () => accepts(port));
    },
    async close(): Promise<void> {
      await Promise.allSettled([hub.close(), listener.endAsync(true), store.close()]);
      await broker.kill('SIGKILL');
    },
  };
}
