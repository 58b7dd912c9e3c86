/** One node of the fleet: the edge's own outbox and uplink, fed by seeds instead of cameras. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ack } from '../contracts/ack.ts';
import type { NodeStatus } from '../contracts/status.ts';
import { EdgeConfig } from '../edge/config.ts';
import { keyFile } from '../edge/key-file.ts';
import { type Outbox, openOutbox } from '../edge/outbox/index.ts';
import { createRetention } from '../edge/outbox/retention.ts';
import { nodeHealth } from '../edge/pipeline/node-health.ts';
import { carryOut, checkDesired } from '../edge/uplink/carry-out.ts';
import { createUplink, type Uplink } from '../edge/uplink/index.ts';
import { timestamp } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { loadOrCreateKey } from '../platform/signing.ts';
import { createDiary } from './diary.ts';
import type { SimCamera, SimNode } from './fleet.ts';
import { talliesOf } from './hours.ts';
import type { StillMaker } from './still.ts';

export type SimAddresses = {
  /** mqtt(s)://host:port */
  readonly mqtt: string;
  /** http(s)://host:port */
  readonly hub: string;
  /** File of the authority, PEM; null = the system's. */
  readonly ca: string | null;
};

export type SimNodeOptions = {
  readonly node: SimNode;
  readonly folder: string;
  readonly password: string;
  readonly addresses: SimAddresses;
  /** Contents of that file. */
  readonly ca: Buffer | null;
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
const COUNT_EVERY_MS = 5000;
/** A camera that looks five times a second, as far as its health says. */
const WORK = { fps: 5, latencyMs: 80, frames: 0, inferred: 0, drops: 0, reconnects: 0, clockOffsetMs: 0 };
const MACHINE = { hosts: { running: 1, restarts: 0, rssBytes: 0 }, inference: { load: 0.3, queue: 0 } };

/** The outbox as the uplink sees it: some acks never arrive, each only once. */
function loseAcks(outbox: Outbox, { repeat, random }: SimNodeOptions, onAck: (ack: Ack) => void): Outbox {
  const lost = new Set<string>();
  const arrives = ({ seq, rev }: Ack): boolean => {
    const name = `${seq} ${rev}`;
    if (repeat === 0 || lost.delete(name) || random() >= repeat) return true;
    lost.add(name);
    return false;
  };
  return {
    ...outbox,
    settle(acks) {
      const kept = acks.filter(arrives);
      for (const ack of kept) onAck(ack);
      return outbox.settle(kept);
    },
  };
}

function boardOf(cameras: readonly SimCamera[], since: number): NodeStatus['cameras'] {
  const watched = { state: 'watched' as const, reasons: [], since: timestamp(since) };
  return Object.fromEntries(cameras.map(({ id }) => [id, watched]));
}

type Line = { readonly outbox: Outbox; readonly queue: Outbox; readonly dir: string };

/** The uplink of a real node, with what it does when the hub asks. */
function openUplink(options: SimNodeOptions, { outbox, queue, dir }: Line): Uplink {
  const { node, addresses, repeat, password, version, random, log } = options;
  const isHere = (sha256: string) => {
    const path = outbox.evidencePath(sha256);
    return path !== null && existsSync(join(dir, path));
  };
  return createUplink({
    ...{ node: node.id, mqtt: addresses.mqtt, evidence: addresses.hub, ca: options.ca, password, version },
    ...{ queue, evidenceDir: dir, clock, random, log, observationsMs: COUNT_EVERY_MS },
    ...(repeat > 0 ? { resendMs: RESEND_MS } : {}),
    onConfig: (desired) => checkDesired(EdgeConfig, desired),
    onCommand: (command) =>
      carryOut(command, {
        reload: null,
        resend: outbox.resendRefused,
        deliverAgain: (hashes) => outbox.evidenceWanted(hashes.filter(isHere)),
      }),
  });
}

/** Outbox and evidence of a node in its folder. */
async function openLine(options: SimNodeOptions, onAck: (ack: Ack) => void) {
  const { node, folder, log } = options;
  const dir = join(folder, 'evidence');
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const key = await loadOrCreateKey(keyFile(folder));
  const outbox = openOutbox({ file: join(folder, 'outbox.db'), node: node.id, key, clock, log });
  const retention = createRetention({ outbox, dir, maxBytes: MAX_BYTES, keepDays: 0, clock, log });
  return { outbox, queue: loseAcks(outbox, options, onAck), dir, retention };
}

/** Registered at the hub already, under the key in its folder. */
export async function createSimNode(options: SimNodeOptions) {
  const { node, seed, from, stills } = options;
  const counts = { stored: 0, duplicates: 0, evidenceMade: 0 };
  const line = await openLine(options, ({ status }) => {
    if (status === 'stored') counts.stored += 1;
    else if (status === 'duplicate') counts.duplicates += 1;
  });
  const { outbox, dir } = line;
  const diary = createDiary({ cameras: node.cameras, seed, from, stills, dir });
  const board = boardOf(node.cameras, from);
  const firstSeq = outbox.lastSeq();
  let countedTo = from;
  let uplink: Uplink | null = null;

  return {
    /** Says everything that happened until then. @param to simulated, ms since the epoch */
    async live(to: number): Promise<void> {
      const { drafts, files } = await diary.until(to);
      counts.evidenceMade += files.length;
      if (drafts.length > 0) outbox.append({ drafts, files, states: [] });
    },
    /** Counts everything since it last did. @param to simulated, ms since the epoch */
    count(to: number): void {
      outbox.append({ drafts: [], files: [], states: [], hours: talliesOf(node.cameras, countedTo, to) });
      countedTo = to;
    },
    reportHealth: () => uplink?.publishHealth(nodeHealth(board, () => WORK, MACHINE, outbox, clock)),
    connect(): void {
      if (uplink) return;
      uplink = openUplink(options, line);
      uplink.publishStatus(board);
      uplink.start();
    },
    /** Says goodbye; what is told meanwhile waits in the outbox. */
    async disconnect(): Promise<void> {
      const mine = uplink;
      uplink = null;
      await mine?.close();
    },
    sweep: line.retention.sweep,
    counts: (): SimCounts => ({
      ...counts,
      made: outbox.lastSeq() - firstSeq,
      refused: outbox.refusedCount(),
      outstanding: outbox.depth().depth,
      evidenceOwed: outbox.undeliveredCount(),
    }),
    hoursOwed: (): boolean => outbox.hoursPending(1, 0).length > 0,
    close: outbox.close,
  };
}

export type SimulatedNode = Awaited<ReturnType<typeof createSimNode>>;
