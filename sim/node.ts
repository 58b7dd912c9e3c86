/** One node of the fleet: the edge's own outbox and uplink, fed by seeds instead of cameras. */
import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Ack } from '../contracts/ack.ts';
import type { EvidenceRef } from '../contracts/evidence.ts';
import { evidencePath } from '../edge/evidence/index.ts';
import { keyFile } from '../edge/key-file.ts';
import { type EventDraft, type Outbox, openOutbox } from '../edge/outbox/index.ts';
import { createRetention } from '../edge/outbox/retention.ts';
import { nodeHealth } from '../edge/pipeline/node-health.ts';
import { createUplink, type Uplink } from '../edge/uplink/index.ts';
import { sha256Hex } from '../platform/canonical.ts';
import { timestamp } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { loadOrCreateKey } from '../platform/signing.ts';
import { writeOnce } from '../platform/write-once.ts';
import { lifeOf, type Telling } from './camera-life.ts';
import type { SimNode } from './fleet.ts';
import { talliesOf } from './hours.ts';
import type { StillMaker } from './still.ts';

export type SimAddresses = {
  /** mqtt(s)://host:port */
  readonly mqtt: string;
  /** http(s)://host:port */
  readonly hub: string;
  readonly ca: Buffer | null;
};

export type SimNodeOptions = {
  readonly node: SimNode;
  readonly folder: string;
  readonly password: string;
  readonly addresses: SimAddresses;
  readonly seed: string;
  /** Where the simulated time begins, ms since the epoch. */
  readonly from: number;
  readonly stills: StillMaker;
  /** Share of the hub's acks that get lost on their way, so that the messages come to it again. */
  readonly repeat: number;
  readonly random: () => number;
  readonly version: string;
  readonly log: Log;
};

export type SimCounts = {
  /** Messages ever made by this node. */
  readonly made: number;
  readonly stored: number;
  /** Answered with `duplicate`: the hub had them already. */
  readonly duplicates: number;
  readonly refused: number;
  /** No final answer of the hub yet, refused ones left out. */
  readonly outstanding: number;
  readonly evidenceMade: number;
  /** Not delivered yet. */
  readonly evidenceOwed: number;
};

const clock = { now: () => Date.now() };
const MAX_BYTES = 2 ** 30;
/** A lost ack is noticed by waiting for it. */
const RESEND_MS = 3000;
const WORK = { fps: 5, latencyMs: 80, frames: 0, inferred: 0, drops: 0, reconnects: 0, clockOffsetMs: 0 };

/** The outbox as the uplink sees it: some acks never arrive, each only once. */
function loseAcks(outbox: Outbox, { repeat, random }: SimNodeOptions, onAck: (ack: Ack) => void): Outbox {
  if (repeat === 0) {
    return {
      ...outbox,
      settle(acks) {
        for (const ack of acks) onAck(ack);
        return outbox.settle(acks);
      },
    };
  }
  const lost = new Set<string>();
  return {
    ...outbox,
    settle(acks) {
      const kept = acks.filter(({ seq, rev }) => {
        const name = `${seq} ${rev}`;
        if (lost.delete(name) || random() >= repeat) return true;
        lost.add(name);
        return false;
      });
      for (const ack of kept) onAck(ack);
      return outbox.settle(kept);
    },
  };
}

/** Registered at the hub already, under its key. */
export async function createSimNode(options: SimNodeOptions) {
  const { node, folder, stills, log } = options;
  const evidenceDir = join(folder, 'evidence');
  await mkdir(evidenceDir, { recursive: true, mode: 0o700 });
  const key = await loadOrCreateKey(keyFile(folder));
  const outbox = openOutbox({ file: join(folder, 'outbox.db'), node: node.id, key, clock, log });
  const retention = createRetention({ outbox, dir: evidenceDir, maxBytes: MAX_BYTES, keepDays: 0, clock, log });
  const counts = { stored: 0, duplicates: 0, evidenceMade: 0 };
  const queue = loseAcks(outbox, options, ({ status }) => {
    if (status === 'stored') counts.stored += 1;
    else if (status === 'duplicate') counts.duplicates += 1;
  });
  const lives = node.cameras.map((camera) => lifeOf(camera, options.seed, options.from));
  const next = lives.map((life) => life.next().value as Telling);
  const firstSeq = outbox.lastSeq();
  let countedTo = options.from;
  let uplink: Uplink | null = null;
  const board = Object.fromEntries(
    node.cameras.map(({ id }) => [id, { state: 'watched' as const, reasons: [], since: timestamp(options.from) }]),
  );

  async function stillOf(role: EvidenceRef['role'], { draft, at }: Telling): Promise<EvidenceRef> {
    const bytes = stills.make(`${draft.id} ${at} ${role}`);
    const sha256 = sha256Hex(bytes);
    const file = evidencePath(evidenceDir, sha256);
    await mkdir(join(file, '..'), { recursive: true });
    await writeOnce(file, bytes).catch((error: NodeJS.ErrnoException) => {
      // The same fleet from the same folder again.
      if (error.code !== 'EEXIST') throw error;
    });
    counts.evidenceMade += 1;
    const { width, height } = stills;
    return { role, sha256, mime: 'image/jpeg', bytes: bytes.length, at: timestamp(at), width, height };
  }

  /** Messages that were due up to `to`, each camera's in its order. */
  async function takeDue(to: number): Promise<{ drafts: EventDraft[]; files: { sha256: string; path: string }[] }> {
    const drafts: EventDraft[] = [];
    const files: { sha256: string; path: string }[] = [];
    for (const [i, life] of lives.entries()) {
      for (
        let telling = next[i] as Telling;
        telling.at <= to;
        telling = life.next().value as Telling, next[i] = telling
      ) {
        const evidence = await Promise.all(telling.stills.map((role) => stillOf(role, telling)));
        drafts.push({ ...telling.draft, evidence } as EventDraft);
        for (const { sha256 } of evidence)
          files.push({ sha256, path: relative(evidenceDir, evidencePath(evidenceDir, sha256)) });
      }
    }
    return { drafts, files };
  }

  return {
    id: node.id,
    publicKeyPem: key.publicKeyPem,
    /** Says everything that happened until then. @param to simulated, ms since the epoch */
    async live(to: number): Promise<void> {
      const { drafts, files } = await takeDue(to);
      if (drafts.length > 0) outbox.append({ drafts, files, states: [] });
    },
    /** Counts everything since it last did. */
    count(to: number): void {
      outbox.append({ drafts: [], files: [], states: [], hours: talliesOf(node.cameras, countedTo, to) });
      countedTo = to;
    },
    reportHealth(): void {
      const machine = { hosts: { running: 1, restarts: 0, rssBytes: 0 }, inference: { load: 0.3 } } as never;
      uplink?.publishHealth(nodeHealth(board, () => WORK, machine, outbox, clock));
    },
    connect(): void {
      if (uplink) return;
      uplink = createUplink({
        ...{ node: node.id, mqtt: options.addresses.mqtt, evidence: options.addresses.hub, ca: options.addresses.ca },
        ...{ password: options.password, version: options.version, queue, evidenceDir, clock, random: options.random },
        ...{ log, observationsMs: 5000, ...(options.repeat > 0 ? { resendMs: RESEND_MS } : {}) },
        onConfig: () => ({ version: 0, faults: [] }) as never,
        onCommand: async () => ({ ok: true }) as never,
      });
      uplink.publishStatus(board);
      uplink.start();
    },
    /** Says goodbye; what is told meanwhile waits in the outbox. */
    async disconnect(): Promise<void> {
      const mine = uplink;
      uplink = null;
      await mine?.close();
    },
    sweep: () => retention.sweep(),
    counts: (): SimCounts => ({
      ...counts,
      made: outbox.lastSeq() - firstSeq,
      refused: outbox.refusedCount(),
      outstanding: outbox.depth().depth,
      evidenceOwed: outbox.undeliveredCount(),
    }),
    hoursOwed: (): boolean => outbox.hoursPending(1, 0).length > 0,
    close(): void {
      outbox.close();
    },
  };
}

export type SimulatedNode = Awaited<ReturnType<typeof createSimNode>>;
