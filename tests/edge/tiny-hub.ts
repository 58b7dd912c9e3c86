/** The least of a hub that can be told to misbehave: takes events and files, acknowledges when the test says so. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectAsync } from 'mqtt';
import type { Ack, AckStatus } from '../../contracts/ack.ts';
import type { ViolationEvent } from '../../contracts/event.ts';
import { topic } from '../../contracts/topics.ts';

export async function createTinyHub(brokerUrl: string, node: string) {
  const received: ViolationEvent[] = [];
  const seen = new Map<string, string>();
  let answer: ((event: ViolationEvent) => AckStatus | null) | null = null;
  const client = await connectAsync(brokerUrl, { clientId: 'tiny-hub', clean: false, reconnectPeriod: 100 });

  const ack = async (events: readonly ViolationEvent[], status: AckStatus = 'stored') => {
    const acks: Ack[] = events.map(({ id, rev, seq }) => ({ id, rev, seq, status }));
    await client.publishAsync(topic(node, 'acks'), JSON.stringify({ acks }), { qos: 1 });
  };
  client.on('message', (name, payload) => {
    if (name !== topic(node, 'events')) return void seen.set(name, payload.toString());
    const event = JSON.parse(payload.toString()) as ViolationEvent;
    received.push(event);
    const status = answer?.(event);
    if (status) void ack([event], status);
  });
  const names = (['events', 'status', 'health', 'applied', 'replies'] as const).map((name) => topic(node, name));
  await client.subscribeAsync(names, { qos: 1 });
  return {
    received,
    /** Last payload of a topic other than events; empty before the first. */
    last: (name: 'status' | 'health' | 'applied' | 'replies') => seen.get(topic(node, name)) ?? '',
    ack,
    /** Null: acknowledges nothing. */
    answerWith(next: typeof answer): void {
      answer = next;
    },
    publish: (name: 'acks' | 'config' | 'commands', payload: string) =>
      client.publishAsync(topic(node, name), payload, { qos: 1 }),
    close: () => client.endAsync(true),
  };
}

export type FileRequest = {
  readonly method: string;
  readonly url: string;
  readonly range: string;
  readonly authorization: string;
};

/** Takes evidence by hash, resumable; `before` may answer instead, `cutAfter` breaks the connection in mid-body. */
export async function createTinyStore() {
  const files = new Map<string, Buffer>();
  const requests: FileRequest[] = [];
  let before: (() => number | null) | null = null;
  let cutAfter: number | null = null;

  async function take(request: IncomingMessage, response: ServerResponse, sha: string): Promise<void> {
    const [, start = '0', total = '0'] = /^bytes (\d+)-\d+\/(\d+)$/.exec(request.headers['content-range'] ?? '') ?? [];
    const have = files.get(sha) ?? Buffer.alloc(0);
    if (Number(start) !== have.length) return void response.writeHead(416).end();
    let stored = have;
    for await (const chunk of request) {
      stored = Buffer.concat([stored, chunk as Buffer]);
      files.set(sha, stored);
      if (cutAfter !== null && stored.length >= cutAfter) {
        cutAfter = null;
        return void request.socket.destroy();
      }
    }
    response.writeHead(stored.length === Number(total) ? 201 : 200, { 'upload-offset': stored.length }).end();
  }

  const server = createServer((request, response) => {
    const sha = (request.url ?? '').split('/').at(-1) ?? '';
    requests.push({
      method: request.method ?? '',
      url: request.url ?? '',
      range: request.headers['content-range'] ?? '',
      authorization: request.headers.authorization ?? '',
    });
    const status = before?.() ?? null;
    if (status !== null) return void response.writeHead(status).end();
    if (request.method === 'HEAD') {
      return void response.writeHead(204, { 'upload-offset': files.get(sha)?.length ?? 0 }).end();
    }
    // A connection cut on purpose ends the body early: that is the test's own doing.
    take(request, response, sha).catch(() => request.socket.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    files,
    requests,
    answerFirst(next: typeof before): void {
      before = next;
    },
    cutOnceAfter(bytes: number): void {
      cutAfter = bytes;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((done) => server.close(() => done()));
    },
  };
}
