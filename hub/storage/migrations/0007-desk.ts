/** Claims that end, notices that wait before they may be handed over, answers with several photos. */
import { type Kysely, type Migration, sql } from 'kysely';

async function addColumns(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('cases').addColumn('claim_until', 'text').execute();
  await db.schema.alterTable('notices').addColumn('ready_at', 'text').execute();
  await db.schema.alterTable('notice_replies').addColumn('photos', 'text').execute();
  // Both are asked for by the clock, over tables that only grow.
  await db.schema
    .createIndex('cases_claimed')
    .on('cases')
    .column('claim_until')
    .where(sql.ref('claimed_by'), 'is not', null)
    .execute();
  await db.schema.createIndex('notices_state').on('notices').columns(['state', 'ready_at']).execute();
}

/**
 * What earlier versions called sent was never sent, and what they called delivered was a page that anything had opened:
 * both are ready to be handed over, unless a person has answered. A correction that showed nothing is a receipt.
 * Trails are never rewritten: their entries `notice-sent` and `notice-delivered` stay.
 */
async function tellTheTruth(db: Kysely<unknown>): Promise<void> {
  await sql`update cases set claim_until = claimed_at where claimed_by is not null`.execute(db);
  await sql`update notices set ready_at = created_at, sent_at = null`.execute(db);
  await sql`update notices set state = 'ready' where state = 'sent' or (state = 'delivered' and not exists (
    select 1 from notice_replies r where r.notice_id = notices.id))`.execute(db);
  await sql`update notices set state = 'acknowledged' where state = 'corrected' and not exists (
    select 1 from notice_replies r where r.notice_id = notices.id and r.kind = 'correction'
      and (r.photo is not null or coalesce(r.text, '') <> ''))`.execute(db);
  // Numbers are given out once: those of a day go on after the ones that there are.
  await sql`insert into counters (name, value)
    select 'notices ' || substr(number, 4, 8), count(*) from notices group by substr(number, 4, 8)`.execute(db);
}

/** Adds ends of claims, ready times and photos; sets right what earlier versions said of notices. */
export function deskMigration(_dialect: 'sqlite' | 'postgres'): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await addColumns(db);
      await tellTheTruth(db);
    },
  };
}
