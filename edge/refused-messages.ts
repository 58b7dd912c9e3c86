/** Messages of a node that the hub refused, seen and sent again from beside its process. */
import { dirname, join, resolve } from 'node:path';
import { timestamp } from '../platform/clock.ts';
import { printableLine } from '../platform/hidden-text.ts';
import { loadConfig } from '../platform/load-config.ts';
import { EdgeConfig } from './config.ts';
import { askToResend, listRefused } from './outbox/inspect.ts';

async function outboxFile(configFile: string): Promise<string> {
  const { dataDir } = await loadConfig(EdgeConfig, configFile);
  return join(resolve(dirname(resolve(configFile)), dataDir), 'outbox.db');
}

export type RefusedEntry = Awaited<ReturnType<typeof refusedMessages>>[number];

/** In their order, times as timestamps. @param configFile the node's configuration. @throws CFG_*, EDGE_OUTBOX */
export async function refusedMessages(configFile: string) {
  return listRefused(await outboxFile(configFile)).map(({ refusedAt, lastAt, nextAt, ...row }) => ({
    ...row,
    refusedAt: timestamp(refusedAt),
    lastAt: timestamp(lastAt),
    nextAt: timestamp(nextAt),
  }));
}

/** @returns how many go to the hub again. @throws CFG_*, EDGE_OUTBOX */
export async function resendRefused(configFile: string): Promise<number> {
  return askToResend(await outboxFile(configFile));
}

/** One message in two lines for a terminal. */
export function describeRefused({ seq, id, rev, tries, lastAt, reason }: RefusedEntry): string {
  return `${seq}  ${id} rev ${rev}  refused ${tries}×, last ${lastAt}\n  ${printableLine(reason)}\n`;
}
