/** First schema. Column types are the common ground of SQLite and PostgreSQL. */
import { type ColumnDataType, type Kysely, type Migration, sql } from 'kysely';

type Columns = Record<string, ColumnDataType>;

async function table(
  db: Kysely<unknown>,
  name: string,
  primary: readonly string[],
  needed: Columns,
  optional: Columns = {},
) {
  let builder = db.schema.createTable(name);
  for (const [column, type] of Object.entries(needed)) builder = builder.addColumn(column, type, (c) => c.notNull());
  for (const [column, type] of Object.entries(optional)) builder = builder.addColumn(column, type);
  await builder.addPrimaryKeyConstraint(`${name}_pk`, primary as never).execute();
}

/** Table with a number of its own; SQLite and PostgreSQL spell it differently. */
async function numberedTable(db: Kysely<unknown>, dialect: 'sqlite' | 'postgres', name: string, columns: string) {
  const id = dialect === 'sqlite' ? 'id integer primary key autoincrement' : 'id bigserial primary key';
  await sql.raw(`create table ${name} (${id}, ${columns})`).execute(db);
}

async function createIngestTables(db: Kysely<unknown>) {
  await table(
    db,
    'nodes',
    ['id'],
    { id: 'text', public_key: 'text', last_seq: 'bigint' },
    { name: 'text', password_hash: 'text', status: 'text', health: 'text', last_event_at: 'text' },
  );
  await table(db, 'seq_gaps', ['node', 'from_seq'], { node: 'text', from_seq: 'bigint', to_seq: 'bigint' });
  await table(db, 'messages', ['node', 'seq'], {
    node: 'text',
    seq: 'bigint',
    event_id: 'text',
    rev: 'integer',
    hash: 'text',
    prev: 'text',
    received_at: 'text',
    body: 'text',
  });
  await table(
    db,
    'events',
    ['id'],
    {
      id: 'text',
      rev: 'integer',
      seq: 'bigint',
      node: 'text',
      camera: 'text',
      zone: 'text',
      kind: 'text',
      phase: 'text',
      started_at: 'text',
      at: 'text',
      score: 'double precision',
      body: 'text',
      case_id: 'text',
      received_at: 'text',
      places: 'text',
      until: 'text',
    },
    { ended_at: 'text', thumbnail: 'text' },
  );
}

async function createCases(db: Kysely<unknown>) {
  await table(
    db,
    'cases',
    ['id'],
    {
      id: 'text',
      number: 'text',
      kind: 'text',
      state: 'text',
      version: 'integer',
      node: 'text',
      camera: 'text',
      zone: 'text',
      started_at: 'text',
      opened_at: 'text',
      last_seen_at: 'text',
      sightings: 'integer',
      score: 'double precision',
      detail: 'text',
      rework: 'integer',
      history_length: 'integer',
      history_head: 'text',
      pinned: 'integer',
    },
    {
      lon: 'double precision',
      lat: 'double precision',
      ended_at: 'text',
      place: 'text',
      claimed_by: 'text',
      claimed_at: 'text',
      due_at: 'text',
      site: 'text',
      recurrence_of: 'text',
      merged_into: 'text',
      thumbnail: 'text',
      outcome: 'text',
      confirmed_at: 'text',
      closed_at: 'text',
    },
  );
}

async function createCaseHistory(db: Kysely<unknown>) {
  await table(
    db,
    'case_history',
    ['case_id', 'n'],
    {
      case_id: 'text',
      n: 'integer',
      at: 'text',
      actor: 'text',
      action: 'text',
      to_state: 'text',
      data: 'text',
      prev_hash: 'text',
      hash: 'text',
    },
    { from_state: 'text', note: 'text' },
  );
}

async function createEvidenceTables(db: Kysely<unknown>) {
  await table(
    db,
    'evidence',
    ['sha256'],
    {
      sha256: 'text',
      mime: 'text',
      bytes: 'bigint',
      width: 'integer',
      height: 'integer',
      node: 'text',
      received: 'bigint',
    },
    { stored_at: 'text', removed_at: 'text' },
  );
  await table(db, 'event_evidence', ['event_id', 'sha256', 'role'], {
    event_id: 'text',
    sha256: 'text',
    role: 'text',
    at: 'text',
  });
}

async function createNotices(db: Kysely<unknown>) {
  await table(
    db,
    'notices',
    ['id'],
    {
      id: 'text',
      number: 'text',
      case_id: 'text',
      site: 'text',
      state: 'text',
      created_at: 'text',
      correct_by: 'text',
      token: 'text',
      token_expires_at: 'text',
      body: 'text',
    },
    { sent_at: 'text', acknowledged_at: 'text' },
  );
}

async function createRegistryTables(db: Kysely<unknown>) {
  await table(
    db,
    'cameras',
    ['id'],
    { id: 'text', node: 'text', name: 'text', kind: 'text', zones: 'text' },
    { lon: 'double precision', lat: 'double precision', district: 'text', grid: 'text', site: 'text' },
  );
  await table(db, 'sites', ['id'], { id: 'text', body: 'text' });
  await table(db, 'permits', ['id'], { id: 'text', site: 'text', body: 'text' });
  await table(db, 'users', ['name'], {
    name: 'text',
    display_name: 'text',
    role: 'text',
    password_hash: 'text',
    disabled: 'integer',
  });
  await table(db, 'sessions', ['id'], {
    id: 'text',
    user_name: 'text',
    csrf: 'text',
    created_at: 'text',
    expires_at: 'text',
  });
}

async function createCounters(db: Kysely<unknown>) {
  await table(db, 'counters', ['name'], { name: 'text', value: 'bigint' });
}

async function createIndexes(db: Kysely<unknown>) {
  const indexes: readonly [name: string, on: string, columns: readonly string[]][] = [
    ['messages_event', 'messages', ['event_id', 'rev']],
    ['events_case', 'events', ['case_id']],
    ['events_place', 'events', ['camera', 'zone', 'kind', 'started_at']],
    ['cases_state', 'cases', ['state', 'opened_at', 'id']],
    ['cases_opened', 'cases', ['opened_at', 'id']],
    ['cases_place', 'cases', ['camera', 'closed_at']],
    ['event_evidence_sha', 'event_evidence', ['sha256']],
    ['notices_case', 'notices', ['case_id']],
    ['permits_site', 'permits', ['site']],
    ['quarantine_node', 'quarantine', ['node']],
  ];
  for (const [name, on, columns] of indexes)
    await db.schema
      .createIndex(name)
      .on(on)
      .columns([...columns])
      .execute();
  await db.schema.createIndex('cases_number').on('cases').columns(['number']).unique().execute();
  await db.schema.createIndex('notices_token').on('notices').columns(['token']).unique().execute();
}

/** Every table of the first version. */
export function initialMigration(dialect: 'sqlite' | 'postgres'): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await createIngestTables(db);
      await createCases(db);
      await createCaseHistory(db);
      await createEvidenceTables(db);
      await createNotices(db);
      await createRegistryTables(db);
      await createCounters(db);
      await numberedTable(
        db,
        dialect,
        'quarantine',
        'node text not null, code text not null, reason text not null, payload text not null, bytes integer not null, received_at text not null',
      );
      await numberedTable(
        db,
        dialect,
        'evidence_access',
        'sha256 text not null, actor text not null, at text not null',
      );
      await numberedTable(
        db,
        dialect,
        'notice_replies',
        'notice_id text not null, at text not null, kind text not null, name text not null, text text, photo text',
      );
      await createIndexes(db);
    },
  };
}
