/** The hub keeps only the hash of a notice's token: a test that wants to open the page gives the notice one that it knows. */
import { randomBytes } from 'node:crypto';
import { hashOfToken } from '../../hub/notices/link-token.ts';
import type { Db } from '../../hub/storage/store.ts';

/** @param notice without one, all notices that there are: one */
export async function knownToken(db: Db, notice?: string): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const update = db.updateTable('notices').set({ token: hashOfToken(token) });
  await (notice === undefined ? update : update.where('id', '=', notice)).execute();
  return token;
}
