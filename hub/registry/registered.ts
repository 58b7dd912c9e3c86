/** What people register one entry at a time: each kind with its table, its checks, and the change that goes into the audit log. */
import type { AuditThing } from '../../contracts/api/audit.ts';
import { AppError, type Fault } from '../../platform/app-error.ts';
import { type AuditStep, type Author, appendAudit, systemAuthor } from '../audit.ts';
import type { Confinement } from '../storage/reach.ts';
import type { Db, Store, Trx } from '../storage/store.ts';
import { changedFields } from './changed-fields.ts';

export type Registered<T extends { readonly id: string }> = {
  readonly thing: AuditThing;
  readonly find: (db: Db, id: string) => Promise<T | null>;
  /** Those within reach; carriers, which belong to no place, have none and are all given. */
  readonly all: (db: Db, reach?: Confinement) => Promise<T[]>;
  readonly write: (db: Db, body: T) => Promise<void>;
  /** What it cannot hold although each field is well formed. */
  readonly faults: (body: T) => Fault[];
};

/** Writes what differs. @returns the step for the log, or null where nothing changes */
export async function putRegistered<T extends { readonly id: string }>(
  trx: Trx,
  { thing, write }: Registered<T>,
  before: T | null,
  body: T,
): Promise<AuditStep | null> {
  const changes = changedFields(before, body);
  if (before !== null && changes.length === 0) return null;
  await write(trx, body);
  return { action: before === null ? 'create' : 'change', thing, id: body.id, data: { changes } };
}

/** Adds or replaces one. @throws API_VALIDATION with each fault */
export async function upsertRegistered<T extends { readonly id: string }>(
  store: Store,
  kind: Registered<T>,
  body: T,
  by: Author = systemAuthor(),
): Promise<void> {
  const faults = kind.faults(body);
  if (faults.length > 0) throw new AppError('API_VALIDATION', kind.thing, { faults });
  await store.transaction(async (trx) => {
    const step = await putRegistered(trx, kind, await kind.find(trx, body.id), body);
    if (step) await appendAudit(trx, by, [step]);
  });
}
