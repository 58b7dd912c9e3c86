/** Users for whom a provider vouches: kept by issuer and subject, with the name, role and scope of their last log-in. */
import type { UserScope } from '../../contracts/api/scope.ts';
import { AppError } from '../../platform/app-error.ts';
import { type Author, appendAudit } from '../audit.ts';
import type { Store } from '../storage/store.ts';
import { insertUser, type UserRow, updateUser, userByName, userBySubject } from '../storage/users.ts';
import { changedFields } from './changed-fields.ts';
import type { OidcIdentity } from './oidc.ts';
import { NO_PASSWORD } from './password.ts';
import type { User } from './users.ts';

const shown = (row: Pick<UserRow, 'display_name' | 'role' | 'scope'>) => ({
  ...{ displayName: row.display_name, role: row.role },
  scope: row.scope === null ? null : (JSON.parse(row.scope) as UserScope),
});

/**
 * The user of an identity, made at the first log-in; a local account of the same name is never taken over.
 * @throws API_OIDC_NAME where the name is another user's, API_BAD_LOGIN where an administrator disabled the user
 */
export function admitIdentity(store: Store, identity: OidcIdentity, by: Omit<Author, 'actor'>): Promise<User> {
  const { issuer, subject, name, displayName, role, scope } = identity;
  // A provider vouches for people of the office alone: units are the registry's.
  const places = scope === null ? null : JSON.stringify(scope);
  const fields = { display_name: displayName, role, unit: null, scope: places };
  return store.exclusive(async (trx) => {
    const known = await userBySubject(trx, issuer, subject);
    if (known?.disabled === 1) throw new AppError('API_BAD_LOGIN', known.name);
    if (!known && (await userByName(trx, name))) throw new AppError('API_OIDC_NAME', name);
    if (known) await updateUser(trx, known.name, fields);
    else await insertUser(trx, { name, ...fields, password_hash: NO_PASSWORD, disabled: 0, issuer, subject });
    const id = known?.name ?? name;
    const changes = changedFields(known ? shown(known) : null, {
      displayName,
      role,
      scope,
      ...(known ? {} : { issuer }),
    });
    if (changes.length > 0)
      await appendAudit(trx, { ...by, actor: id }, [
        { action: known ? 'change' : 'create', thing: 'user', id, data: { changes } },
      ]);
    return { name: id, displayName, role, ...(scope === null ? {} : { scope }) };
  });
}
