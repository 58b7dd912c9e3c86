/** Queries on `camera_memory` and `memory_orders`. */
import type { Selectable } from 'kysely';
import type { Db } from './store.ts';
import type { CameraMemoryTable, MemoryOrdersTable } from './tables/memory.ts';

/** Roles whose stills show what the camera sees, and not a part of it. */
const WHOLE_PICTURES = ['before', 'start', 'threshold', 'during', 'after', 'worst', 'cleared', 'approach'];

export type CameraMemoryRow = Selectable<CameraMemoryTable>;
export type MemoryOrderRow = Selectable<MemoryOrdersTable>;

/** Keeps the newest map of a camera. */
export async function putCameraMemory(db: Db, { camera, ...fields }: CameraMemoryRow): Promise<void> {
  await db
    .insertInto('camera_memory')
    .values({ camera, ...fields })
    .onConflict((conflict) => conflict.column('camera').doUpdateSet(fields))
    .execute();
}

/** The newest map of a camera, or undefined. */
export function cameraMemory(db: Db, camera: string): Promise<CameraMemoryRow | undefined> {
  return db.selectFrom('camera_memory').selectAll().where('camera', '=', camera).executeTakeFirst();
}

/** Queues an order, in the transaction of what it comes of; one whose id waits already is not queued again. */
export async function queueMemoryOrder(
  db: Db,
  order: Pick<MemoryOrderRow, 'id' | 'node' | 'camera' | 'case_id' | 'body' | 'created_at' | 'created_by'>,
): Promise<void> {
  const fresh = { state: 'queued', tries: 0, sent_at: null, settled_at: null, reason: null };
  await db
    .insertInto('memory_orders')
    .values({ ...order, ...fresh })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** Orders that wait, the oldest first. @param before sent before it or never, RFC 3339 UTC; @param node default: any */
export function memoryOrdersDue(db: Db, before: string, limit: number, node?: string): Promise<MemoryOrderRow[]> {
  return db
    .selectFrom('memory_orders')
    .selectAll()
    .where('state', '=', 'queued')
    .where((eb) => eb.or([eb('sent_at', 'is', null), eb('sent_at', '<=', before)]))
    .$if(node !== undefined, (query) => query.where('node', '=', node as string))
    .orderBy('created_at')
    .limit(limit)
    .execute();
}

/** The order of this id to this node, or undefined: an answer of another node is none. */
export function memoryOrder(db: Db, id: string, node: string): Promise<MemoryOrderRow | undefined> {
  return db.selectFrom('memory_orders').selectAll().where('id', '=', id).where('node', '=', node).executeTakeFirst();
}

/** Writes what became of an order, if it still waits. */
export async function updateMemoryOrder(
  db: Db,
  id: string,
  fields: Partial<Pick<MemoryOrderRow, 'state' | 'tries' | 'sent_at' | 'settled_at' | 'reason'>>,
): Promise<void> {
  await db.updateTable('memory_orders').set(fields).where('id', '=', id).where('state', '=', 'queued').execute();
}

/** A question that was answered, or that nobody waits for. */
export async function deleteMemoryOrder(db: Db, id: string): Promise<void> {
  await db.deleteFrom('memory_orders').where('id', '=', id).execute();
}

/** Orders to a camera, the newest first; those that carry a case's decision apart. */
export function memoryOrdersOf(db: Db, camera: string, limit: number): Promise<MemoryOrderRow[]> {
  return db
    .selectFrom('memory_orders')
    .selectAll()
    .where('camera', '=', camera)
    .where('case_id', 'is', null)
    .orderBy('created_at', 'desc')
    .limit(limit)
    .execute();
}

/** Whether any word on this case has been queued. */
export async function hasCaseWord(db: Db, caseId: string): Promise<boolean> {
  const row = await db
    .selectFrom('memory_orders')
    .select('id')
    .where('case_id', '=', caseId)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** A camera's newest stored still, or undefined. */
export function latestStill(db: Db, camera: string) {
  return db
    .selectFrom('events as e')
    .innerJoin('event_evidence as v', 'v.event_id', 'e.id')
    .innerJoin('evidence as f', 'f.sha256', 'v.sha256')
    .select(['f.sha256', 'v.at', 'f.width', 'f.height'])
    .where('e.camera', '=', camera)
    .where('f.mime', '=', 'image/jpeg')
    .where('f.stored_at', 'is not', null)
    .where('f.removed_at', 'is', null)
    .where('f.fault', 'is', null)
    .where('v.role', 'in', WHOLE_PICTURES)
    .orderBy('e.at', 'desc')
    .orderBy('v.at', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Removes what was settled before this instant, RFC 3339 UTC. @param limit rows at most @returns how many went */
export async function removeMemoryOrders(db: Db, before: string, limit: number): Promise<number> {
  const old = db.selectFrom('memory_orders').select('id').where('settled_at', '<', before).limit(limit);
  const result = await db.deleteFrom('memory_orders').where('id', 'in', old).executeTakeFirst();
  return Number(result.numDeletedRows);
}
