/** Kills edge, hub and broker at random moments of a real run, then accounts for every message. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { GENESIS, type ViolationEvent } from '../../contracts/event.ts';
import { loadClips } from '../../demo/clips.ts';
import { upsertCamera } from '../../hub/registry/cameras.ts';
import { upsertNode } from '../../hub/registry/nodes.ts';
import { openStore } from '../../hub/storage/store.ts';
import { createLog } from '../../platform/log.ts';
import { packageRoot } from '../../platform/paths.ts';
import { eventHash, loadOrCreateKey, verifyEvent } from '../../platform/signing.ts';
import { cli, temporaryFolder, writeConfig } from '../e2e/stage.ts';
import { accepts, freePort, mosquittoProgram, type Running, run, until } from '../processes.ts';

const NODE = 'crash-edge';
const secrets = { CRASH_NODE: 'node-password-for-this-test', CRASH_HUB: 'hub-password-for-this-test' };
export const targets = ['edge', 'hub', 'broker'] as const;
type Target = (typeof targets)[number];

/** Small deterministic generator, so that a failing round can be run again. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

type Ports = { readonly broker: number; readonly http: number };
type Stage = {
  readonly folder: string;
  readonly ports: Ports;
  readonly edgeConfig: string;
  readonly idleConfig: string;
  readonly hubConfig: string;
  readonly brokerConfig: string;
  readonly publicKey: string;
};

/** A stall that comes and goes every six seconds: each coming is an event a zone, so that kills meet work under way. */
export function comingAndGoing(into: string): string {
  const clip = loadClips().find(({ file }) => file.endsWith('stall-day.mp4'));
  if (!clip) throw new Error('stall-day is not among the clips');
  const parts = [
    ['there', '20'],
    ['gone', '0'],
  ].map(([name, start]) => {
    const part = join(into, `${name}.mp4`);
    execFileSync('ffmpeg', [
      '-v',
      'error',
      '-y',
      '-ss',
      start ?? '0',
      '-t',
      '6',
      '-i',
      clip.file,
      '-c:v',
      'libx264',
      '-preset',
      'veryfast',
      '-g',
      '10',
      part,
    ]);
    return `file '${part}'`;
  });
  const list = join(into, 'parts.txt');
  writeFileSync(list, parts.join('\n'));
  const joined = join(into, 'coming-and-going.mp4');
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'concat', '-safe', '0', '-i', list, '-c', 'copy', joined]);
  return joined;
}

/** Several rules on one place, with short times: events by the dozen in a minute. */
export function busyCameras(clip: string, dwellSeconds: number) {
  const whole = [
    [0.01, 0.01],
    [0.99, 0.01],
    [0.99, 0.99],
    [0.01, 0.99],
  ];
  return ['crash-1', 'crash-2'].map((id) => ({
    id,
    kind: 'street' as const,
    source: { url: clip, cadence: 5, loop: true },
    zones: Array.from({ length: 6 }, (_, i) => ({
      id: `zone-${i}`,
      kind: 'road-stall' as const,
      polygon: whole,
      params: { candidateSeconds: 1, dwellSeconds: dwellSeconds + i / 2, gapSeconds: 1, rearmSeconds: 2 },
    })),
  }));
}

async function prepare(folder: string): Promise<Stage> {
  const ports = { broker: await freePort(), http: await freePort() };
  const dataDir = join(folder, 'edge');
  mkdirSync(dataDir, { recursive: true });
  const key = await loadOrCreateKey(join(dataDir, 'node-key.pem'));
  const clip = comingAndGoing(folder);
  const edge = (cameras: unknown) => ({
    node: NODE,
    dataDir,
    modelsDir: join(packageRoot(), 'models'),
    model: 'kerb-s',
    uplink: {
      mqtt: `mqtt://127.0.0.1:${ports.broker}`,
      password: 'env:CRASH_NODE',
      evidence: `http://127.0.0.1:${ports.http}`,
    },
    cameras,
  });
  const database = `sqlite:${join(folder, 'hub', 'hub.db')}`;
  const store = await openStore(database, { log: createLog({ level: 'error' }) });
  await upsertNode(store, { id: NODE, publicKey: key.publicKeyPem, password: secrets.CRASH_NODE });
  for (const { id, kind } of busyCameras(clip, 2)) {
    await upsertCamera(store, { id, node: NODE, name: { zh: id, en: id }, kind, location: null, zones: [] });
  }
  await store.close();
  const brokerConfig = join(folder, 'mosquitto.conf');
  writeFileSync(
    brokerConfig,
    `listener ${ports.broker} 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location ${folder}/\nuser root\n`,
  );
  return {
    folder,
    ports,
    publicKey: key.publicKeyPem,
    brokerConfig,
    edgeConfig: writeConfig(join(folder, 'edge.yaml'), edge(busyCameras(clip, 2))),
    // The same node with rules that cannot fire: drains what is left and finds nothing new.
    idleConfig: writeConfig(join(folder, 'idle.yaml'), edge(busyCameras(clip, 7000).slice(0, 1))),
    hubConfig: writeConfig(join(folder, 'hub.yaml'), {
      database,
      dataDir: join(folder, 'hub'),
      mqtt: `mqtt://127.0.0.1:${ports.broker}`,
      mqttUser: 'hub',
      mqttPassword: 'env:CRASH_HUB',
      http: { host: '127.0.0.1', port: ports.http },
    }),
  };
}

function start(stage: Stage, target: Target): Running {
  if (target === 'broker') return run(mosquittoProgram, ['-c', stage.brokerConfig]);
  const config = target === 'edge' ? stage.edgeConfig : stage.hubConfig;
  return run(process.execPath, [cli, target, '--config', config], secrets);
}

async function isUp(stage: Stage, target: Target): Promise<boolean> {
  if (target === 'broker') return accepts(stage.ports.broker);
  if (target === 'hub') return (await fetch(`http://127.0.0.1:${stage.ports.http}/readyz`)).ok;
  return true;
}

const read = <T>(file: string, work: (db: Sqlite.Database) => T): T => {
  const db = new Sqlite(file, { readonly: true });
  try {
    return work(db);
  } finally {
    db.close();
  }
};

export type Account = {
  readonly killed: Readonly<Record<Target, number>>;
  readonly numbered: number;
  readonly stored: number;
  readonly quarantined: number;
  readonly refused: number;
  readonly cases: number;
  readonly brokenLinks: number;
  readonly badSignatures: number;
  readonly missingRevisions: number;
  readonly eventsWithoutCase: number;
  readonly evidenceMissing: number;
};

function account(stage: Stage, killed: Record<Target, number>): Account {
  const outbox = join(stage.folder, 'edge', 'outbox.db');
  const numbered = read(outbox, (db) =>
    Number((db.prepare("SELECT value FROM meta WHERE key = 'last_seq'").get() as { value: string }).value),
  );
  const refused = read(outbox, (db) => (db.prepare('SELECT COUNT(*) AS n FROM refused').get() as { n: number }).n);
  return read(join(stage.folder, 'hub', 'hub.db'), (db) => {
    const count = (sql: string) => (db.prepare(sql).get() as { n: number }).n;
    const bodies = (
      db.prepare('SELECT body FROM messages WHERE node = ? ORDER BY seq').all(NODE) as { body: string }[]
    ).map((row) => JSON.parse(row.body) as ViolationEvent);
    let prev = GENESIS;
    let brokenLinks = 0;
    let badSignatures = 0;
    const revisions = new Map<string, number>();
    let missingRevisions = 0;
    for (const event of bodies) {
      if (event.chain.prev !== prev) brokenLinks++;
      if (!verifyEvent(event, stage.publicKey)) badSignatures++;
      if (event.rev !== (revisions.get(event.id) ?? 0) + 1) missingRevisions++;
      revisions.set(event.id, event.rev);
      prev = eventHash(event);
    }
    return {
      killed,
      numbered,
      refused,
      stored: bodies.length,
      quarantined: count('SELECT COUNT(*) AS n FROM quarantine'),
      cases: count('SELECT COUNT(*) AS n FROM cases'),
      brokenLinks,
      badSignatures,
      missingRevisions,
      eventsWithoutCase: count('SELECT COUNT(*) AS n FROM events WHERE case_id NOT IN (SELECT id FROM cases)'),
      evidenceMissing: count('SELECT COUNT(*) AS n FROM evidence WHERE stored_at IS NULL AND removed_at IS NULL'),
    };
  });
}

/** `kills` of each program, at random moments up to `spanMs` apart, then a quiet end in which everything must arrive. */
export async function crashRounds(options: { kills: number; spanMs: number; seed: number }): Promise<Account> {
  const folder = temporaryFolder('crash');
  const random = randomOf(options.seed);
  const stage = await prepare(folder.path);
  const running = {} as Record<Target, Running>;
  const killed = { edge: 0, hub: 0, broker: 0 };
  try {
    for (const target of ['broker', 'hub', 'edge'] as const) {
      running[target] = start(stage, target);
      await until(`${target} is up`, () => isUp(stage, target));
    }
    const stored = () =>
      read(
        join(stage.folder, 'hub', 'hub.db'),
        (db) => (db.prepare('SELECT COUNT(*) AS n FROM messages').get() as { n: number }).n,
      );
    await until('the first event is stored', () => stored() > 0, 90_000);
    const order = targets
      .flatMap((target) => Array.from({ length: options.kills }, () => target))
      .sort(() => random() - 0.5);
    for (const target of order) {
      // The moment of a kill is the one thing here that must be left to chance.
      await new Promise((resolve) => setTimeout(resolve, 200 + random() * options.spanMs));
      await running[target].kill('SIGKILL');
      killed[target]++;
      running[target] = start(stage, target);
      await until(`${target} is up again`, () => isUp(stage, target));
    }
    const before = stored();
    await until('events flow again after the last kill', () => stored() > before, 90_000);
    await running.edge.kill('SIGTERM');
    running.edge = run(process.execPath, [cli, 'edge', '--config', stage.idleConfig], secrets);
    const outbox = join(stage.folder, 'edge', 'outbox.db');
    await until(
      'the outbox is empty',
      () => read(outbox, (db) => (db.prepare('SELECT COUNT(*) AS n FROM events').get() as { n: number }).n) === 0,
      120_000,
    );
    await until('all evidence is delivered', () => account(stage, killed).evidenceMissing === 0, 120_000);
    return account(stage, killed);
  } catch (error) {
    const outputs = targets.map((target) => `--- ${target}\n${running[target]?.output().slice(-3000)}`).join('\n');
    throw new Error(`${String(error)}\n${outputs}`, { cause: error });
  } finally {
    await Promise.all(Object.values(running).map((program) => program.kill('SIGKILL')));
    folder.remove();
  }
}

/** What must hold after any round: everything that was numbered is stored once, whole and in its chain. */
export function intact(result: Account, kills: number) {
  return {
    killed: { edge: kills, hub: kills, broker: kills },
    stored: result.numbered,
    refused: 0,
    quarantined: 0,
    brokenLinks: 0,
    badSignatures: 0,
    missingRevisions: 0,
    eventsWithoutCase: 0,
    evidenceMissing: 0,
  };
}
