/** Asks the nodes that named a lost file to send it again: they may still hold it. */
import { randomUUID } from 'node:crypto';
import type { Command } from '../../contracts/command.ts';
import { topic } from '../../contracts/topics.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import { nodesNaming } from '../storage/evidence.ts';
import { markAsked } from '../storage/evidence-upkeep.ts';
import type { Store } from '../storage/store.ts';

const HASHES_IN_ONE = 100;

/** @param publish to a node's topic; a node that is away is asked again with the next round */
export function createAskAgain(store: Store, clock: Clock, publish: (topic: string, payload: string) => void) {
  return async (hashes: readonly string[]): Promise<void> => {
    if (hashes.length === 0) return;
    for (const [node, own] of await nodesNaming(store.db, hashes)) {
      for (let from = 0; from < own.length; from += HASHES_IN_ONE) {
        const sha256 = own.slice(from, from + HASHES_IN_ONE);
        const command: Command = { requestId: randomUUID(), command: 'evidence', sha256 };
        publish(topic(node, 'commands'), JSON.stringify(command));
      }
    }
    await markAsked(store.db, hashes, timestamp(clock.now()));
  };
}
