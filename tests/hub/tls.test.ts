/** TLS of the hub's two ports and towards an outer broker; what is said to browsers; what strangers at the port can do. */
import { copyFileSync, readFileSync, statSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls, createServer } from 'node:tls';
import { connectAsync } from 'mqtt';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openHub } from '../../hub/client/hub-client.ts';
import type { HubConfig } from '../../hub/config.ts';
import { type Hub, startHub } from '../../hub/main.ts';
import { upsertUser } from '../../hub/registry/users.ts';
import { readTls, renewTls } from '../../hub/tls.ts';
import { systemClock } from '../../platform/clock.ts';
import { createLog } from '../../platform/log.ts';
import { PASSWORD } from '../api/seeded-hub.ts';
import { type CertificateFiles, createAuthority } from '../certificates.ts';
import { temporaryFolder } from '../e2e/stage.ts';
import { needs } from '../needs.ts';
import { freePort, until } from '../processes.ts';
import { startMosquitto } from './mosquitto.ts';
import { connectNode, createTestNode, NODE_PASSWORD } from './node.ts';

process.env.KERBWATCH_TEST_MQTT = NODE_PASSWORD;
const folder = temporaryFolder('tls');
let authority: ReturnType<typeof createAuthority>;
let own: CertificateFiles;
let hub: Hub | null = null;
let logged: string[] = [];

beforeAll(() => {
  authority = createAuthority(folder.path);
  own = authority.issue('hub');
});
afterAll(() => folder.remove());
afterEach(async () => {
  await hub?.close();
  hub = null;
});

let made = 0;
async function start(config: Partial<HubConfig>): Promise<Hub> {
  const dataDir = join(folder.path, `data-${made++}`);
  logged = [];
  const log = createLog({ level: 'warn', destination: { write: (line) => void logged.push(line) } });
  const database = `sqlite:${join(dataDir, 'hub.db')}`;
  hub = await startHub({ database, dataDir, ...config }, { log, clock: systemClock });
  return hub;
}

const both = (): Partial<HubConfig> => ({
  broker: { port: 0, tls: own },
  http: { port: 0, tls: own },
});
const ca = () => readFileSync(authority.ca);

function head(url: string, method = 'GET', body?: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, ca: ca(), headers: { 'content-type': 'application/json' } });
    asked.on('error', reject);
    asked.on('response', (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer));
    });
    asked.end(body);
  });
}

test('both ports speak TLS; browsers are told to stay with it, and the cookie goes nowhere else', async () => {
  const { url, mqttUrl, store } = await start(both());
  expect([url.split(':')[0], mqttUrl?.split(':')[0]]).toEqual(['https', 'mqtts']);
  const page = await head(`${url}/healthz`);
  expect(page.headers['strict-transport-security']).toBe('max-age=31536000');
  await upsertUser(store, { name: 'lin', displayName: 'Lin', role: 'viewer', password: PASSWORD });
  const login = await head(`${url}/api/v1/session`, 'POST', JSON.stringify({ name: 'lin', password: PASSWORD }));
  expect(login.headers['set-cookie']?.[0]).toMatch(/; HttpOnly; Secure; SameSite=Strict/);
  await createTestNode('box').register(store);
  const node = await connectAsync(mqttUrl ?? '', {
    username: 'box',
    password: NODE_PASSWORD,
    ca: ca(),
    clientId: 'box',
  });
  expect(node.connected).toBe(true);
  await node.endAsync();
  expect(logged.filter((line) => line.includes('without TLS'))).toEqual([]);
});

test('whoever does not trust the authority, or speaks no TLS, gets nowhere and harms nobody', async () => {
  const { url, mqttUrl } = await start(both());
  await expect(openHub({ hub: url, user: 'a', password: async () => 'b' })).rejects.toThrow(/HUB|--ca FILE/);
  for (const address of [url, mqttUrl ?? '']) {
    const { port } = new URL(address);
    await new Promise<void>((resolve) => {
      const socket = connectPlain(Number(port), '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\n\r\n'));
      socket.on('error', () => {});
      socket.on('close', () => resolve());
      socket.resume();
    });
  }
  expect((await head(`${url}/healthz`)).statusCode).toBe(200);
});

test('by default only this machine is spoken to; an open port without TLS is warned of, one behind a proxy is not', async () => {
  const warned = () => logged.filter((line) => line.includes('without TLS'));
  const local = await start({ broker: { port: 0 }, http: { port: 0 } });
  expect(local.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
  expect(warned()).toEqual([]);
  await local.close();
  await start({ broker: { host: '0.0.0.0', port: 0 }, http: { host: '0.0.0.0', port: 0 } });
  expect(warned()).toHaveLength(2);
  await hub?.close();
  await start({ broker: { port: 0 }, http: { host: '0.0.0.0', port: 0, trustProxy: ['10.0.0.1'] } });
  expect(warned()).toEqual([]);
});

test.each<[string, () => CertificateFiles, RegExp]>([
  [
    'a key of another certificate',
    () => ({ cert: own.cert, key: authority.issue('other').key }),
    /key values mismatch/i,
  ],
  ['no PEM', () => ({ cert: join(folder.path, 'san'), key: own.key }), /san/],
  ['no file', () => ({ cert: join(folder.path, 'none'), key: own.key }), /none: ENOENT/],
])('%s is refused at the start', async (_, tls, said) => {
  const refused = start({ broker: { port: 0 }, http: { port: 0, tls: tls() } });
  await expect(refused).rejects.toMatchObject({ code: 'HUB_TLS', message: expect.stringMatching(said) });
});

test('a renewed certificate is taken up; one that does not fit its key is not', async () => {
  const tls = { cert: join(folder.path, 'live.crt'), key: join(folder.path, 'live.key') };
  const put = ({ cert, key }: CertificateFiles) => {
    copyFileSync(cert, tls.cert);
    copyFileSync(key, tls.key);
  };
  put(own);
  const files = await readTls(tls);
  const server = createServer(files, (socket) => socket.end());
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const end = renewTls(server, files, tls, folder.path, createLog({ level: 'silent' }), 20);
  const subject = () =>
    new Promise<string>((resolve, reject) => {
      const socket = connectTls({ port, host: '127.0.0.1', ca: ca() }, () => {
        resolve(String(socket.getPeerCertificate().subject.CN));
        socket.destroy();
      });
      socket.on('error', reject);
    });
  try {
    expect(await subject()).toBe('hub');
    copyFileSync(authority.issue('unfit').cert, tls.cert);
    expect(await subject()).toBe('hub');
    put(authority.issue('renewed'));
    await until('the new certificate is shown', async () => (await subject()) === 'renewed');
  } finally {
    end();
    server.close();
  }
});

describe.skipIf(!needs('mosquitto'))('Mosquitto with TLS', () => {
  test('the hub trusts the authority that mqttCa names, and no other', async () => {
    const mosquitto = await startMosquitto({ box: NODE_PASSWORD, 'kerbwatch-hub': NODE_PASSWORD }, own);
    const config = { mqtt: mosquitto.url, mqttUser: 'kerbwatch-hub', mqttPassword: 'env:KERBWATCH_TEST_MQTT' };
    try {
      await expect(start({ ...config, http: { port: 0 } })).rejects.toMatchObject({ code: 'HUB_BROKER' });
      const { store } = await start({ ...config, mqttCa: authority.ca, http: { port: 0 } });
      const node = createTestNode('box');
      await node.register(store);
      const link = await connectNode(mosquitto.url, 'box', 'box', ca());
      await link.send(node.tell());
      await link.until((acks) => acks[0]?.status === 'stored');
      await link.close();
    } finally {
      await mosquitto.close();
    }
  });
});

test('what the hub writes is for its user alone, whatever the umask', async () => {
  const before = process.umask(0o022);
  try {
    await start({ broker: { port: 0 }, http: { port: 0 } });
    const dataDir = join(folder.path, `data-${made - 1}`);
    for (const file of ['hub.db', 'hub.db-wal']) expect(statSync(join(dataDir, file)).mode & 0o077).toBe(0);
    expect(statSync(dataDir).mode & 0o077).toBe(0);
  } finally {
    process.umask(before);
  }
});
