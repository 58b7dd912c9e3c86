/** Every step of the hub's schema, in the order in which they run. */
import type { Migration } from 'kysely';
import { initialMigration } from './0001-initial.ts';
import { nodeKeysMigration } from './0002-node-keys.ts';
import { forksMigration } from './0003-forks.ts';
import { nodeAccessMigration } from './0004-node-access.ts';
import { evidenceHoldersMigration } from './0005-evidence-holders.ts';
import { searchMigration } from './0006-search.ts';
import { deskMigration } from './0007-desk.ts';
import { noticeTokensMigration } from './0008-notice-tokens.ts';
import { observationHoursMigration } from './0009-observation-hours.ts';
import { noticeDeliveriesMigration } from './0010-notice-deliveries.ts';
import { cameraMemoryMigration } from './0011-camera-memory.ts';
import { unitsMigration } from './0012-units.ts';
import { limitsMigration } from './0013-limits.ts';
import { noticesSentMigration } from './0014-notices-sent.ts';
import { monthlyReportsMigration } from './0015-monthly-reports.ts';
import { registryMigration } from './0016-registry.ts';
import { doorsMigration } from './0017-doors.ts';
import { scopesMigration } from './0018-scopes.ts';
import { caseLinksMigration } from './0019-case-links.ts';
import { mergedNoticesMigration } from './0020-merged-notices.ts';
import { caseListsMigration } from './0021-case-lists.ts';

/** By name, in order; a step that has run is never changed. */
export function hubMigrations(dialect: 'sqlite' | 'postgres'): Record<string, Migration> {
  return {
    '0001-initial': initialMigration(dialect),
    '0002-node-keys': nodeKeysMigration(dialect),
    '0003-forks': forksMigration(dialect),
    '0004-node-access': nodeAccessMigration(dialect),
    '0005-evidence-holders': evidenceHoldersMigration(dialect),
    '0006-search': searchMigration(dialect),
    '0007-desk': deskMigration(dialect),
    '0008-notice-tokens': noticeTokensMigration(dialect),
    '0009-observation-hours': observationHoursMigration(dialect),
    '0010-notice-deliveries': noticeDeliveriesMigration(dialect),
    '0011-camera-memory': cameraMemoryMigration(dialect),
    '0012-units': unitsMigration(dialect),
    '0013-limits': limitsMigration(dialect),
    '0014-notices-sent': noticesSentMigration(dialect),
    '0015-monthly-reports': monthlyReportsMigration(dialect),
    '0016-registry': registryMigration(dialect),
    '0017-doors': doorsMigration(dialect),
    '0018-scopes': scopesMigration(dialect),
    '0019-case-links': caseLinksMigration(dialect),
    '0020-merged-notices': mergedNoticesMigration(dialect),
    '0021-case-lists': caseListsMigration(dialect),
  };
}
