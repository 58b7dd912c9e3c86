/** Cases over a fresh database, with one node that tells of things and a clock that stands until it is set. */
import type { CaseCommand } from '../../contracts/api/case.ts';
import type { Role } from '../../contracts/api/session.ts';
import { createAfterPhotos } from '../../hub/cases/after-photos.ts';
import { type CaseCommandsOptions, createCaseCommands } from '../../hub/cases/commands.ts';
import type { Actor } from '../../hub/cases/lifecycle/facts.ts';
import { createCaseReads } from '../../hub/cases/reads.ts';
import { caseSettings } from '../../hub/cases/settings.ts';
import { createChanges } from '../../hub/changes.ts';
import { commitBatch } from '../../hub/ingest/commit.ts';
import { checkSignature } from '../../hub/ingest/message.ts';
import { openStore } from '../../hub/storage/store.ts';
import { createTestNode, type Telling } from './node.ts';
import { quiet, type TestDatabase } from './stores.ts';

export const who = (name: string, role: Role) => ({ name, role });
export const ann = who('ann', 'operator');
export const bob = who('bob', 'operator');
export const sue = who('sue', 'supervisor');
/** Neither confirms nor handles anything: who inspects. */
export const eve = who('eve', 'operator');

export type CaseStage = Awaited<ReturnType<typeof openCaseStage>>;

/** @param now ms since the epoch, asked anew each time */
export async function openCaseStage(
  database: TestDatabase,
  now: () => number,
  hooks: Pick<CaseCommandsOptions, 'onConfirmed' | 'onTakenBack' | 'onReinstated' | 'onEscalated'>,
  settings = caseSettings(),
) {
  const url = await database.url();
  const store = await openStore(url, { log: quiet, connections: 4 });
  const node = createTestNode('node-a');
  await node.register(store);
  const clock = { now };
  const reads = createCaseReads({ store, clock, settings });
  const changes = createChanges();
  const commands = createCaseCommands({ store, clock, changes, settings, ...hooks });
  const photos = createAfterPhotos({ store, clock, changes });
  let brought = 0;

  async function only() {
    const { cases } = await reads.list({ order: 'oldest' });
    return cases[0] as (typeof cases)[number];
  }
  return {
    url,
    store,
    reads,
    commands,
    only,
    /** @returns id of the event */
    async report(told: Telling): Promise<string> {
      const event = node.tell(told);
      const result = await checkSignature(event, node.key.publicKeyPem);
      await commitBatch(store, [{ node: 'node-a', payload: Buffer.alloc(0), result }], settings, now());
      return event.id;
    },
    /** A photograph after handling, another one each time; its file is nobody's concern here. */
    async bringPhoto(actor: Actor = bob, id?: string) {
      brought += 1;
      const sha256 = String(brought).padStart(64, '0');
      return photos.add(id ?? (await only()).id, { sha256, mime: 'image/jpeg', bytes: 1 }, actor);
    },
    async give(command: CaseCommand, actor: Actor = sue, id?: string) {
      const current = id ? (await reads.get(id, sue)).case : await only();
      return commands.apply(current.id, command, actor, current.version);
    },
  };
}
