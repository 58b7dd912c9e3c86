/** What cameras remember, and the queue of orders to them. */
import type { Kysely, Migration } from 'kysely';

/** Adds the tables `camera_memory` and `memory_orders`, and finds a camera's latest events by an index. */
export function cameraMemoryMigration(_dialect: 'sqlite' | 'postgres'): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('camera_memory')
        .addColumn('camera', 'text', (column) => column.primaryKey().notNull())
        .addColumn('node', 'text', (column) => column.notNull())
        .addColumn('body', 'text', (column) => column.notNull())
        .addColumn('received_at', 'text', (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('memory_orders')
        .addColumn('id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('node', 'text', (column) => column.notNull())
        .addColumn('camera', 'text', (column) => column.notNull())
        .addColumn('case_id', 'text')
        .addColumn('body', 'text', (column) => column.notNull())
        .addColumn('created_at', 'text', (column) => column.notNull())
        .addColumn('created_by', 'text', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('tries', 'integer', (column) => column.notNull())
        .addColumn('sent_at', 'text')
        .addColumn('settled_at', 'text')
        .addColumn('reason', 'text')
        .execute();
      const indexes = [
        ['memory_orders_queue', 'memory_orders', ['state', 'node', 'created_at']],
        ['memory_orders_camera', 'memory_orders', ['camera', 'created_at']],
        ['memory_orders_case', 'memory_orders', ['case_id']],
        ['events_camera', 'events', ['camera', 'at']],
      ] as const;
      for (const [name, table, columns] of indexes) {
        await db.schema
          .createIndex(name)
          .on(table)
          .columns([...columns])
          .execute();
      }
    },
  };
}
