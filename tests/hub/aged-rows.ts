/** Rows that have reached their age, as many as one likes, made by the database itself. */
import { sql } from 'kysely';
import type { Db } from '../../hub/storage/store.ts';

const OLD = '2024-01-01T00:00:00.000Z';

/** `count` of each: unreviewed cases, evidence of nobody, hours of counts, settled orders. */
export async function addAgedRows(db: Db, count: number): Promise<void> {
  const numbers = sql`with recursive n(i) as (select 1 union all select i + 1 from n where i < ${sql.lit(count)})`;
  await sql`insert into cases (id, number, kind, state, version, node, camera, zone, started_at, opened_at, last_seen_at,
      sightings, score, detail, rework, history_length, history_head, pinned, search)
    ${numbers} select 'case-' || i, 'number-' || i, 'road-stall', 'pending-review', 1, 'node-a', 'cam', 'z', ${sql.lit(OLD)},
      ${sql.lit(OLD)}, ${sql.lit(OLD)}, 1, 0.9, '{}', 0, 0, '', 0, '' from n`.execute(db);
  await sql`insert into evidence (sha256, mime, bytes, width, height, node, received, stored_at, checked_at)
    ${numbers} select 'file-' || i, 'image/jpeg', 1, 1, 1, 'node-a', 1, ${sql.lit(OLD)}, '2999' from n`.execute(db);
  await sql`insert into observation_hours (hour, node, camera, zone, kind, rev, watched_seconds, statistics)
    ${numbers} select '2024-01-01T00:00:00.000Z', 'node-a', 'cam-' || i, 'z', 'road-stall', 1, 1, '{}' from n`.execute(
    db,
  );
  await sql`insert into memory_orders (id, node, camera, body, created_at, created_by, state, tries, settled_at)
    ${numbers} select 'order-' || i, 'node-a', 'cam', '{}', ${sql.lit(OLD)}, 'x', 'done', 1, ${sql.lit(OLD)} from n`.execute(
    db,
  );
}
