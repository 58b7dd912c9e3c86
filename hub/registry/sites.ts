/** Construction sites and haulage permits, as people enter them. */
import type { PermitBody, SiteBody } from '../../contracts/api/registry.ts';
import { AppError } from '../../platform/app-error.ts';
import { writePermit, writeSite } from '../storage/sites.ts';
import type { Store } from '../storage/store.ts';
import { permitFaults } from './registry-faults.ts';

/** Adds or replaces a site. */
export function upsertSite(store: Store, site: SiteBody): Promise<void> {
  return writeSite(store.db, site);
}

/** Adds or replaces a permit. @throws API_VALIDATION for one that holds on no day, or for a truck without a plate */
export async function upsertPermit(store: Store, permit: PermitBody): Promise<void> {
  const faults = permitFaults(permit);
  if (faults.length > 0) throw new AppError('API_VALIDATION', 'permit', { faults });
  await writePermit(store.db, permit);
}
