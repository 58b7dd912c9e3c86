/** docs/runbooks/first-start.md, followed to the letter: certificate, hub, box, registration, and an event that arrives. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CasePage } from '../../contracts/api/case.ts';
import type { NodeView } from '../../contracts/api/registry.ts';
import { keyFile } from '../../edge/key-file.ts';
import { openOutbox } from '../../edge/outbox/index.ts';
import { readEdgeConfig } from '../../edge/read-config.ts';
import { createUplink } from '../../edge/uplink/index.ts';
import { type HubClient, openHub } from '../../hub/client/hub-client.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { systemClock } from '../../platform/clock.ts';
import { createLog } from '../../platform/log.ts';
import { packageRoot } from '../../platform/paths.ts';
import { loadOrCreateKey } from '../../platform/signing.ts';
import { jpegRef, stallDraft } from '../edge/drafts.ts';
import { freePort, type Running, run, until } from '../processes.ts';
import { cli, temporaryFolder } from './stage.ts';

const ADMIN_PASSWORD = 'the banyan before the window';
const log = createLog({ level: 'silent' });
const folder = temporaryFolder('first-start');
const etc = join(folder.path, 'etc');
const running: Running[] = [];
let ports: Record<string, number>;
let blocks: readonly string[];

/** The runbook's machine is this one: its folders, its name, its ports. */
const here = (text: string) =>
  text
    .replaceAll('/etc/kerbwatch', etc)
    .replaceAll('/var/lib/kerbwatch', join(folder.path, 'var'))
    .replaceAll(/hub\.example(?!\.yaml)/g, 'localhost')
    .replaceAll('8443', String(ports.https))
    .replaceAll('8883', String(ports.mqtts))
    .replaceAll('0.0.0.0', '127.0.0.1')
    .replaceAll('sudo ', '')
    .replaceAll('npx kerbwatch', `${process.execPath} ${cli}`);

const blockWith = (words: string) => {
  const found = blocks.find((block) => block.includes(words));
  if (!found) throw new Error(`the runbook has no step with ${words}`);
  return found;
};

/** What a person types at the prompts; from a file, since a pipe breaks when a step that asks nothing is over first. */
const typed = join(folder.path, 'typed');

function follow(script: string): string {
  return execFileSync('bash', ['-euc', `exec < ${typed}\n${here(script)}`], {
    cwd: packageRoot(),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** An example, copied as the runbook says, with this machine's names in it. */
function adapt(name: string): void {
  const file = join(etc, name);
  writeFileSync(file, here(readFileSync(file, 'utf8')));
}

function begin(line: string): Running {
  const [program = '', ...args] = here(line).trim().split(' ');
  const started = run(program, args, { KERBWATCH_LOG: 'info' });
  running.push(started);
  return started;
}

const lines = (script: string) => script.trim().split('\n');
let hub: HubClient;
const nodes = () => hub.call<NodeView[]>('GET', '/nodes');

beforeAll(async () => {
  writeFileSync(typed, `${ADMIN_PASSWORD}\n`);
  ports = { https: await freePort(), mqtts: await freePort() };
  const text = readFileSync(join(packageRoot(), 'docs/runbooks/first-start.md'), 'utf8');
  blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
});
afterAll(async () => {
  await hub?.close().catch(() => {});
  for (const one of running) await one.kill('SIGKILL');
  folder.remove();
});

test('certificate, hub, administrator', async () => {
  follow(blockWith('install -d'));
  follow(blockWith('openssl req'));
  const [copy = '', ...rest] = lines(blockWith('--create-admin'));
  follow(copy);
  adapt('hub.yaml');
  expect(follow(rest.join('\n'))).toContain('a valid hub configuration');
  const started = begin(lines(blockWith('hub --config')).at(-1)?.replace(' --create-admin admin', '') ?? '');
  await until('the hub is ready', () => started.output().includes('hub is ready'));
  expect(started.output()).not.toContain('without TLS');
  hub = await openHub({
    hub: here('https://hub.example:8443'),
    user: 'admin',
    password: async () => ADMIN_PASSWORD,
    ca: join(etc, 'tls', 'ca.crt'),
  });
  // Whatever the shell's umask: nobody else reads the database.
  expect(statSync(join(folder.path, 'var', 'hub', 'hub.db')).mode & 0o077).toBe(0);
});

test('key, registration, a box that is seen', async () => {
  const [copy = '', key = ''] = lines(blockWith('--public-key'));
  follow(copy);
  adapt('edge.yaml');
  follow(key);
  expect(readFileSync(join(etc, 'fz-edge-01.pem'), 'utf8')).toMatch(/^-----BEGIN PUBLIC KEY-----/);
  const said = follow(blockWith('node add fz-edge-01'));
  const password = said.trim().split('\n').at(-1) ?? '';
  writeFileSync(join(etc, 'uplink-password'), password, { mode: 0o600 });
  writeFileSync(join(etc, 'camera-password'), 'of a camera', { mode: 0o600 });
  const [check = '', start = ''] = lines(blockWith('check --config /etc/kerbwatch/edge.yaml'));
  expect(follow(check)).toContain('a valid edge configuration');
  const edge = begin(start);
  await until('the box is online', async () => (await nodes())[0]?.status?.state === 'online');
  expect(follow(blockWith('node list'))).toMatch(/^fz-edge-01 +online/);
  await edge.kill('SIGTERM');
});

test('an event and its file arrive over TLS, from the configuration that the example is', async () => {
  const { config, configDir } = await readEdgeConfig(join(etc, 'edge.yaml'));
  const dir = join(folder.path, 'uplink');
  mkdirSync(dir);
  const file = Buffer.from('not really a picture');
  const ref = jpegRef(sha256Hex(file), file.length);
  writeFileSync(join(dir, 'still.jpg'), file);
  const key = await loadOrCreateKey(keyFile(config.dataDir));
  const outbox = openOutbox({ file: join(dir, 'outbox.db'), node: config.node, key, clock: systemClock, log });
  outbox.append({
    drafts: [stallDraft(1, { evidence: [ref] })],
    files: [{ sha256: ref.sha256, path: 'still.jpg' }],
    states: [],
  });
  const uplink = createUplink({
    node: config.node,
    mqtt: config.uplink.mqtt,
    evidence: config.uplink.evidence,
    password: readFileSync(join(etc, 'uplink-password'), 'utf8'),
    ca: readFileSync(join(configDir, 'tls', 'ca.crt')),
    version: '0',
    queue: outbox,
    evidenceDir: dir,
    clock: systemClock,
    random: () => 0,
    log,
    onConfig: async ({ version }) => ({ version, ok: true, faults: [] }),
    onCommand: async ({ requestId }) => ({ requestId, ok: true }),
  });
  uplink.start();
  try {
    await until('both are delivered', () => outbox.depth().depth === 0 && outbox.evidencePending(1).length === 0);
    const { cases } = await hub.call<CasePage>('GET', '/cases');
    expect(cases).toHaveLength(1);
  } finally {
    await uplink.close();
    outbox.close();
  }
});

test('cut off, taken in again, removed: by the same command', () => {
  const command = (words: string) => follow(blockWith('node list').replace('node list', `node ${words}`));
  expect(command('disable fz-edge-01')).toContain('fz-edge-01 is disabled');
  expect(command('list')).toContain('disabled');
  expect(command('enable fz-edge-01')).toContain('fz-edge-01 is enabled');
  expect(() => follow(blockWith('node add fz-edge-01'))).toThrow(/API_CONFLICT .*registered with this key; --replace/);
  expect(command('remove fz-edge-01')).toContain('removed');
  expect(command('list')).toContain('no node is registered');
  expect(() => command('disable fz-edge-01')).toThrow(/API_NOT_FOUND/);
});

test('mistakes at registering give one clear line', () => {
  const add =
    (key: string, more = '') =>
    () =>
      follow(`${blockWith('node add').trim().replace('/etc/kerbwatch/fz-edge-01.pem', key)} ${more}`);
  expect(add('/etc/kerbwatch/nothing.pem')).toThrow(/CFG_KEY .*ENOENT/);
  expect(add('/etc/kerbwatch/tls/hub.crt')).toThrow(/CFG_KEY .*certificate/);
  expect(add('/var/lib/kerbwatch/edge/node-key.pem')).toThrow(/CFG_KEY .*private key/);
  const key = '/etc/kerbwatch/fz-edge-01.pem';
  expect(add(key, '--user nobody')).toThrow(/API_BAD_LOGIN/);
  expect(() => follow(blockWith('node list').replace(/--ca \S+/, ''))).toThrow(/HUB_UNREACHABLE .*--ca FILE/);
  expect(() => follow(blockWith('node list').replace('https:', 'http:'))).toThrow(/HUB_UNREACHABLE/);
});
