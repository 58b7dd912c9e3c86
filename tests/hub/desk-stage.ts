/** A desk over a fresh database, with one node that tells of things and a clock that stands until it is set. */
import type { CaseCommand } from '../../contracts/api/case.ts';
import type { Role } from '../../contracts/api/session.ts';
import { type CaseDeskOptions, createCaseDesk } from '../../hub/cases/desk.ts';
import { caseSettings } from '../../hub/cases/settings.ts';
import { createChanges } from '../../hub/changes.ts';
import { commitBatch } from '../../hub/ingest/commit.ts';
import { checkSignature } from '../../hub/ingest/message.ts';
import { createTestNode, type Telling } from './node.ts';
import { openFresh, type TestDatabase } from './stores.ts';

const settings = caseSettings();
export const who = (name: string, role: Role) => ({ name, role });
export const ann = who('ann', 'operator');
export const bob = who('bob', 'operator');
export const sue = who('sue', 'supervisor');

export type DeskStage = Awaited<ReturnType<typeof openDeskStage>>;

/** @param now ms since the epoch, asked anew each time */
export async function openDeskStage(
  database: TestDatabase,
  now: () => number,
  hooks: Pick<CaseDeskOptions, 'onConfirmed' | 'onTakenBack'>,
) {
  const store = await openFresh(database);
  const node = createTestNode('node-a');
  await node.register(store);
  const desk = createCaseDesk({ store, clock: { now }, changes: createChanges(), settings, ...hooks });

  async function only() {
    const { cases } = await desk.list({ order: 'oldest' });
    return cases[0] as (typeof cases)[number];
  }
  return {
    store,
    desk,
    only,
    async report(told: Telling): Promise<void> {
      const result = await checkSignature(node.tell(told), node.key.publicKeyPem);
      await commitBatch(store, [{ node: 'node-a', payload: Buffer.alloc(0), result }], settings, now());
    },
    async give(command: CaseCommand, actor = sue, id?: string) {
      const current = id ? (await desk.get(id, sue)).case : await only();
      return desk.apply(current.id, command, actor, current.version);
    },
  };
}
