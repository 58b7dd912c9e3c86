/** Construction sites, haulage permits, carriers and permitted stall points, as people enter them. */
import type { CarrierBody } from '../../contracts/api/carrier.ts';
import type { PermitBody, SiteBody } from '../../contracts/api/registry.ts';
import type { StallPointBody } from '../../contracts/api/stall-point.ts';
import type { Author } from '../audit.ts';
import {
  allCarriers,
  allStallPoints,
  findCarrier,
  findStallPoint,
  writeCarrier,
  writeStallPoint,
} from '../storage/registers.ts';
import { allPermits, allSites, findPermit, findSite, writePermit, writeSite } from '../storage/sites.ts';
import type { Store } from '../storage/store.ts';
import { type Registered, upsertRegistered } from './registered.ts';
import { permitFaults } from './registry-faults.ts';

const noFaults = () => [];

export const sites: Registered<SiteBody> = {
  ...{ thing: 'site', find: findSite, all: allSites, write: writeSite, faults: noFaults },
};
export const permits: Registered<PermitBody> = {
  ...{ thing: 'permit', find: findPermit, all: allPermits, write: writePermit, faults: permitFaults },
};
export const carriers: Registered<CarrierBody> = {
  ...{ thing: 'carrier', find: findCarrier, all: allCarriers, write: writeCarrier, faults: noFaults },
};
export const stallPoints: Registered<StallPointBody> = {
  ...{ thing: 'stall-point', find: findStallPoint, all: allStallPoints, write: writeStallPoint, faults: noFaults },
};

/** Adds or replaces a site. */
export function upsertSite(store: Store, site: SiteBody, by?: Author): Promise<void> {
  return upsertRegistered(store, sites, site, by);
}

/** Adds or replaces a permit. @throws API_VALIDATION for one that holds on no day, or for a truck without a plate */
export function upsertPermit(store: Store, permit: PermitBody, by?: Author): Promise<void> {
  return upsertRegistered(store, permits, permit, by);
}
