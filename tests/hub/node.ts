/** An edge node as the hub sees it: a key, a chain, numbers, and a real MQTT connection. */
import { connectAsync, type MqttClient } from 'mqtt';
import type { AckBatch } from '../../contracts/ack.ts';
import { GENESIS, type ViolationEvent } from '../../contracts/event.ts';
import type { BoxXywh } from '../../contracts/geometry.ts';
import { topic } from '../../contracts/topics.ts';
import { type ViolationKind, violations } from '../../contracts/violations/index.ts';
import { upsertNode } from '../../hub/registry/nodes.ts';
import type { Store } from '../../hub/storage/store.ts';
import { eventId } from '../../platform/event-id.ts';
import { deriveNodeKey, eventHash, type NodeKey, signEvent, type UnsignedEvent } from '../../platform/signing.ts';

export type Telling = {
  readonly key?: string;
  readonly kind?: ViolationKind;
  readonly rev?: number;
  readonly camera?: string;
  readonly zone?: string;
  readonly box?: BoxXywh;
  readonly startedAt?: number;
  readonly at?: number;
  readonly endedAt?: number;
  /** Over what its kind says else. */
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly location?: ViolationEvent['location'];
  readonly evidence?: ViolationEvent['evidence'];
  /** A proposal: it has stood since the first look. */
  readonly presentSinceStart?: boolean;
  /** Of a truck, instead of that it was uncovered. */
  readonly findings?: readonly string[];
};

const details = {
  'road-stall': {
    dwellSeconds: 180,
    attended: true,
    permit: null,
    ruleWindow: 'always',
    subKind: 'road',
    unknownSeconds: 0,
  },
  'muck-truck': {
    direction: 'outbound',
    load: 'loaded',
    cover: 'uncovered',
    spill: null,
    washSeconds: null,
    plate: null,
    permit: null,
    findings: ['uncovered'],
    site: null,
    bedFrames: 5,
  },
} as const;

export const START = Date.parse('2026-11-23T02:00:00.000Z');
const iso = (ms: number) => new Date(ms).toISOString();

export const NODE_PASSWORD = 'a password of a node';

export function createTestNode(name: string) {
  const key: NodeKey = deriveNodeKey(`test node ${name}`);
  let seq = 0;
  let prev = GENESIS;

  function unsigned(told: Telling, number: number): UnsignedEvent {
    const { kind = 'road-stall', camera = `${name}-cam`, zone = 'z1', rev = 1, startedAt = START } = told;
    const at = told.at ?? startedAt + (rev - 1) * 60_000;
    return {
      v: 1,
      id: eventId(name, camera, zone, kind, told.key ?? 'one'),
      rev,
      seq: number,
      node: name,
      camera,
      zone,
      kind,
      phase: told.endedAt !== undefined ? 'end' : rev === 1 ? 'start' : 'update',
      startedAt: iso(startedAt),
      at: iso(at),
      endedAt: told.endedAt === undefined ? null : iso(told.endedAt),
      score: 0.9,
      objects: [{ track: 1, class: 'stall', score: 0.9, box: told.box ?? [0.4, 0.4, 0.1, 0.2] }],
      detail: {
        ...(kind in details ? details[kind as keyof typeof details] : violations[kind].sample.detail),
        ...(told.findings ? { findings: told.findings } : {}),
        ...(told.presentSinceStart ? { presentSinceStart: true } : {}),
        ...told.detail,
      },
      location: told.location === undefined ? { lon: 118.6, lat: 24.9 } : told.location,
      evidence: told.evidence ?? [],
      model: { name: 'm', version: '1', sha256: GENESIS },
      rule: { version: '1', params: GENESIS },
      clock: { offsetMs: 0, source: 'ntp' },
    } as UnsignedEvent;
  }

  return {
    name,
    key,
    register: (store: Store) => upsertNode(store, { id: name, publicKey: key.publicKeyPem, password: NODE_PASSWORD }),
    /** The next event of the chain. */
    tell(told: Telling = {}): ViolationEvent {
      seq += 1;
      const event = signEvent(unsigned(told, seq), prev, key);
      prev = eventHash(event);
      return event;
    },
    /** Signed, but with a number of the caller's choice and outside of the chain. */
    forge: (told: Telling, number: number, by: NodeKey = key) => signEvent(unsigned(told, number), GENESIS, by),
  };
}
export type TestLink = {
  readonly client: MqttClient;
  readonly acks: AckBatch['acks'];
  send(payload: ViolationEvent | string | Buffer): Promise<void>;
  /** Waits until `enough` holds of the acks so far. */
  until(enough: (acks: AckBatch['acks']) => boolean): Promise<void>;
  close(): Promise<void>;
};

export async function connectNode(url: string, name: string, user = name, ca?: Buffer): Promise<TestLink> {
  const client = await connectAsync(url, {
    clientId: name,
    username: user,
    password: NODE_PASSWORD,
    clean: true,
    reconnectPeriod: 200,
    protocolVersion: 4,
    ...(ca ? { ca } : {}),
  });
  const acks: AckBatch['acks'] = [];
  const waiting = new Set<() => void>();
  client.on('error', () => {});
  client.on('message', (to, payload) => {
    if (to !== topic(name, 'acks')) return;
    acks.push(...(JSON.parse(payload.toString()) as AckBatch).acks);
    for (const look of waiting) look();
  });
  await client.subscribeAsync(topic(name, 'acks'), { qos: 1 });
  return {
    client,
    acks,
    async send(payload) {
      const bytes = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload);
      await client.publishAsync(topic(name, 'events'), bytes, { qos: 1 });
    },
    until: (enough) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`waited in vain; acks so far: ${JSON.stringify(acks.slice(-5))} (${acks.length})`));
        }, 30_000);
        function look() {
          if (!enough(acks)) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve();
        }
        waiting.add(look);
        look();
      }),
    close: () => client.endAsync(true),
  };
}
