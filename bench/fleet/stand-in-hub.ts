/** What an edge node talks to in the bench: a broker that lets everything in, acks at once, and takes every file. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { Aedes } from 'aedes';
import type { ViolationEvent } from '../../contracts/event.ts';
import type { NodeHealth, NodeStatus } from '../../contracts/status.ts';
import { parseTopic, topic } from '../../contracts/topics.ts';

export type StandInHub = {
  readonly mqtt: string;
  readonly evidence: string;
  readonly onHealth: (listen: (health: NodeHealth) => void) => void;
  readonly onStatus: (listen: (status: NodeStatus) => void) => void;
  /** Messages of events and files of evidence that came. */
  readonly counts: () => { readonly events: number; readonly files: number };
  readonly close: () => Promise<void>;
};

async function listenLocally(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A broker and an HTTP server that acknowledge all that a node sends and keep its health. */
export async function startStandInHub(): Promise<StandInHub> {
  let [events, files] = [0, 0];
  let health: (health: NodeHealth) => void = () => {};
  let status: (status: NodeStatus) => void = () => {};
  const broker = await Aedes.createBroker({ heartbeatInterval: 60_000 });
  broker.on('publish', ({ topic: name, payload }, client) => {
    const from = client ? parseTopic(name) : null;
    if (from?.name === 'health') health(JSON.parse(payload.toString()) as NodeHealth);
    if (from?.name === 'status') status(JSON.parse(payload.toString()) as NodeStatus);
    if (from?.name !== 'events') return;
    events++;
    const { id, rev, seq } = JSON.parse(payload.toString()) as ViolationEvent;
    const ack = Buffer.from(JSON.stringify({ acks: [{ id, rev, seq, status: 'stored' }] }));
    broker.publish(
      { cmd: 'publish', topic: topic(from.node, 'acks'), payload: ack, qos: 1, retain: false, dup: false },
      () => {},
    );
  });
  const mqttServer = createTcpServer((socket) => broker.handle(socket));
  const evidenceServer = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      if (request.method === 'PUT') files++;
      response.writeHead(request.method === 'PUT' ? 201 : 404).end();
    });
  });
  const [mqttPort, httpPort] = [await listenLocally(mqttServer), await listenLocally(evidenceServer)];
  return {
    mqtt: `mqtt://127.0.0.1:${mqttPort}`,
    evidence: `http://127.0.0.1:${httpPort}`,
    onHealth: (listen) => {
      health = listen;
    },
    onStatus: (listen) => {
      status = listen;
    },
    counts: () => ({ events, files }),
    async close() {
      evidenceServer.closeAllConnections();
      evidenceServer.close();
      mqttServer.close();
      await new Promise<void>((resolve) => broker.close(() => resolve()));
    },
  };
}
