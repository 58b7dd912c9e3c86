/** Keys of systems that hand in reports: shown once, kept as a hash, limited a minute, revoked and never removed. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { ApiKeyBody, ApiKeyMade, ApiKeyView } from '../../contracts/api/api-key.ts';
import type { KeyPurpose } from '../../contracts/api/case-source.ts';
import { AppError } from '../../platform/app-error.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import { type Author, appendAudit } from '../audit.ts';
import { type ApiKeyRow, addApiKey, allApiKeys, apiKeyById, revokeApiKey, touchApiKey } from '../storage/api-keys.ts';
import type { Store } from '../storage/store.ts';

const PER_MINUTE = 60;
/** The last use is written once in this time: it is for people. */
const TOUCH_MS = 60_000;
/** `kw`, id and secret. Of 256 random bits a plain hash gives nothing away; a slow one would only slow us. */
const FORM = /^kw_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;
/** What an unknown key is compared with, so that it takes as long as a wrong one. */
const NOBODY = sha256Hex('');

/** Who calls with a key. */
export type KeyHolder = {
  readonly id: string;
  readonly name: string;
  readonly purpose: KeyPurpose;
  readonly perMinute: number;
};

function toView(row: ApiKeyRow): ApiKeyView {
  return {
    id: row.id,
    name: row.name,
    purpose: row.purpose as KeyPurpose,
    perMinute: row.per_minute,
    createdAt: row.created_at,
    createdBy: row.created_by,
    revokedAt: row.revoked_at,
    revokedBy: row.revoked_by,
    lastUsedAt: row.last_used_at,
  };
}

/** Every key without its secret, those that hold first. */
export async function listApiKeys({ db }: Pick<Store, 'db'>): Promise<ApiKeyView[]> {
  return (await allApiKeys(db)).map(toView);
}

/** Makes a key. @returns it with its secret, which nobody can read again */
export async function createApiKey(store: Store, body: ApiKeyBody, by: Author): Promise<ApiKeyMade> {
  const id = randomBytes(8).toString('hex');
  const key = `kw_${id}_${randomBytes(32).toString('base64url')}`;
  const { purpose, perMinute = PER_MINUTE } = body;
  const name = body.name.trim();
  const row: ApiKeyRow = {
    ...{ id, name, purpose, hash: sha256Hex(key), per_minute: perMinute },
    ...{ created_at: timestamp(by.now), created_by: by.actor },
    ...{ revoked_at: null, revoked_by: null, last_used_at: null },
  };
  await store.transaction(async (trx) => {
    await addApiKey(trx, row);
    await appendAudit(trx, by, [{ action: 'create', thing: 'api-key', id, data: { name, purpose, perMinute } }]);
  });
  return { ...toView(row), key };
}

/** Ends a key at once. @throws API_NOT_FOUND where there is none that holds */
export async function endApiKey(store: Store, id: string, by: Author): Promise<void> {
  await store.transaction(async (trx) => {
    if (!(await revokeApiKey(trx, id, timestamp(by.now), by.actor))) throw new AppError('API_NOT_FOUND', `key ${id}`);
    await appendAudit(trx, by, [{ action: 'revoke', thing: 'api-key', id }]);
  });
}

/** Whose key it is; null for one that is unknown, wrong or revoked. */
export async function holderOf({ db }: Pick<Store, 'db'>, clock: Clock, key: string): Promise<KeyHolder | null> {
  const id = FORM.exec(key)?.[1];
  const row = id === undefined ? undefined : await apiKeyById(db, id);
  const same = timingSafeEqual(Buffer.from(sha256Hex(key)), Buffer.from(row?.hash ?? NOBODY));
  if (!row || !same || row.revoked_at !== null) return null;
  const now = clock.now();
  await touchApiKey(db, row.id, timestamp(now), timestamp(now - TOUCH_MS));
  return { id: row.id, name: row.name, purpose: row.purpose as KeyPurpose, perMinute: row.per_minute };
}
