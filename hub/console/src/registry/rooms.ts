/** What each room of the registry lists and asks for: one pattern of list and form for all of them. */

import { carrierStandings } from '../../../../contracts/api/carrier.ts';
import type { SheetKind } from '../../../../contracts/api/import.ts';
import { cameraSources, gateVideoStates } from '../../../../contracts/api/registry.ts';
import { roles as allRoles, type Role, type Session } from '../../../../contracts/api/session.ts';
import { stallPointKinds } from '../../../../contracts/api/stall-point.ts';
import type { Words } from '../i18n/zh/index.ts';

export type FieldWord = keyof Words['registry']['field'];
export type ChoiceGroup = keyof Words['registry']['choice'];
/** What a user may be confined to. */
export type PlaceKind = 'districts' | 'sites' | 'units';
export type RegistryEntry = Readonly<Record<string, unknown>>;

export type RegisterField = {
  readonly path: string;
  readonly word: FieldWord;
  readonly kind?: 'number' | 'date' | 'windows' | 'season' | 'plates' | 'password' | 'switch' | 'long' | 'places';
  /** Of `places`: where they are chosen from. */
  readonly of?: PlaceKind;
  /** Words of its choices stand in this group; `role` has its own. */
  readonly choices?: { readonly group: ChoiceGroup | 'role'; readonly values: readonly string[] };
  readonly required?: true;
  /** Chosen once: it names the entry. */
  readonly key?: true;
  /** The API has it from elsewhere: shown, not asked for. */
  readonly shown?: true;
};

export type Room = {
  readonly room: keyof Words['registry']['room'];
  /** Path of the API. */
  readonly path: string;
  readonly sheet?: SheetKind;
  readonly read: Role;
  readonly write: Role;
  readonly fields: readonly RegisterField[];
  /** Paths of the fields that the list shows. */
  readonly columns: readonly string[];
  /** What a new entry has beside the fields of the form. */
  readonly blank: RegistryEntry;
};

const RANK: Partial<Record<Role, number>> = { viewer: 0, operator: 1, supervisor: 2, admin: 3 };

/** Whether a role may do what `needed` may; a role beside the order may not. */
export function mayAs(role: Role, needed: Role): boolean {
  return (RANK[role] ?? -1) >= (RANK[needed] ?? Number.POSITIVE_INFINITY);
}

const id = (word: FieldWord): RegisterField => ({ path: 'id', word, required: true, key: true });
const names: readonly RegisterField[] = [
  { path: 'name.zh', word: 'nameZh', required: true },
  { path: 'name.en', word: 'nameEn', required: true },
];
const place: readonly RegisterField[] = [
  { path: 'location.lon', word: 'lon', kind: 'number' },
  { path: 'location.lat', word: 'lat', kind: 'number' },
];
const district: RegisterField = { path: 'district', word: 'district' };
const desk = { read: 'operator', write: 'supervisor' } as const;

const sites: Room = {
  ...{ room: 'sites', path: '/sites', sheet: 'sites', ...desk, blank: {} },
  columns: ['id', 'name', 'district', 'manager.name', 'gateVideo', 'responsibilityLetter'],
  fields: [
    id('siteId'),
    ...names,
    { path: 'address', word: 'address', required: true },
    district,
    { path: 'permitNumber', word: 'permitNumber' },
    { path: 'developer', word: 'developer' },
    { path: 'contractor', word: 'contractor' },
    { path: 'manager.name', word: 'manager', required: true },
    { path: 'manager.phone', word: 'phone' },
    { path: 'manager.email', word: 'email' },
    { path: 'gateVideo', word: 'gateVideo', choices: { group: 'gateVideo', values: gateVideoStates } },
    { path: 'responsibilityLetter', word: 'letter' },
  ],
};

const permits: Room = {
  ...{ room: 'permits', path: '/permits', sheet: 'permits', ...desk, blank: { windows: [] } },
  columns: ['id', 'site', 'carrier', 'plates', 'windows', 'validTo'],
  fields: [
    id('placard'),
    { path: 'site', word: 'siteId', required: true },
    { path: 'carrier', word: 'carrier', required: true },
    { path: 'plates', word: 'plates', kind: 'plates', required: true },
    { path: 'route', word: 'route', kind: 'long' },
    { path: 'windows', word: 'hours', kind: 'windows' },
    { path: 'validFrom', word: 'validFrom', kind: 'date', required: true },
    { path: 'validTo', word: 'validTo', kind: 'date', required: true },
  ],
};

const carriers: Room = {
  ...{ room: 'carriers', path: '/carriers', sheet: 'carriers', ...desk, blank: {} },
  columns: ['id', 'name', 'approvalNumber', 'vehicles', 'standing'],
  fields: [
    id('carrierId'),
    { path: 'name', word: 'firm', required: true },
    { path: 'approvalNumber', word: 'approvalNumber' },
    { path: 'contact.name', word: 'contact' },
    { path: 'contact.phone', word: 'phone' },
    { path: 'vehicles', word: 'vehicles', kind: 'number' },
    { path: 'standing', word: 'standing', choices: { group: 'standing', values: carrierStandings } },
    { path: 'note', word: 'note', kind: 'long' },
  ],
};

const stallPoints: Room = {
  ...{ room: 'stall-points', path: '/stall-points', sheet: 'stall-points', ...desk, blank: { location: null } },
  columns: ['id', 'name', 'kind', 'windows', 'season', 'capacity', 'holder'],
  fields: [
    id('pointId'),
    ...names,
    { path: 'kind', word: 'kind', choices: { group: 'stallPoint', values: stallPointKinds } },
    { path: 'address', word: 'address', required: true },
    district,
    ...place,
    { path: 'holder', word: 'holder' },
    { path: 'windows', word: 'hours', kind: 'windows', required: true },
    { path: 'season', word: 'season', kind: 'season' },
    { path: 'capacity', word: 'capacity', kind: 'number' },
    { path: 'goods', word: 'goods' },
  ],
};

const cameras: Room = {
  ...{ room: 'cameras', path: '/cameras', sheet: 'cameras', read: 'viewer', write: 'admin' },
  blank: { location: null, zones: [] },
  columns: ['id', 'name', 'owner', 'district', 'grid', 'agreement.number'],
  fields: [
    id('cameraId'),
    { path: 'node', word: 'node', required: true },
    ...names,
    {
      ...{ path: 'kind', word: 'kind', required: true },
      choices: { group: 'camera', values: ['street', 'heritage', 'bike', 'gate'] },
    },
    ...place,
    district,
    { path: 'grid', word: 'grid' },
    { path: 'street', word: 'street', shown: true },
    { path: 'community', word: 'community', shown: true },
    { path: 'site', word: 'siteId' },
    { path: 'owner', word: 'owner' },
    { path: 'source', word: 'source', choices: { group: 'source', values: cameraSources } },
    { path: 'agreement.number', word: 'agreement' },
    { path: 'agreement.until', word: 'agreementUntil', kind: 'date' },
  ],
};

const users: Room = {
  ...{ room: 'users', path: '/users', read: 'admin', write: 'admin', blank: {} },
  columns: ['name', 'displayName', 'role', 'scope.districts', 'scope.sites', 'disabled'],
  fields: [
    { path: 'name', word: 'user', required: true, key: true },
    { path: 'displayName', word: 'displayName', required: true },
    { path: 'role', word: 'role', required: true, choices: { group: 'role', values: allRoles } },
    { path: 'unit', word: 'unit' },
    { path: 'scope.districts', word: 'scopeDistricts', kind: 'places', of: 'districts' },
    { path: 'scope.sites', word: 'scopeSites', kind: 'places', of: 'sites' },
    { path: 'scope.units', word: 'scopeUnits', kind: 'places', of: 'units' },
    { path: 'password', word: 'password', kind: 'password' },
    { path: 'disabled', word: 'disabled', kind: 'switch' },
  ],
};

/** Rooms that are a list with a form; calendar, approvals and audit log have pages of their own. */
export const registerRooms: readonly Room[] = [sites, permits, carriers, stallPoints, cameras, users];

/** Every room in the order of the navigation, with the role that may read it. */
const registryRooms: readonly { readonly room: Room['room']; readonly read: Role }[] = [
  ...registerRooms.slice(0, 5),
  { room: 'calendar', read: 'viewer' },
  users,
  { room: 'approvals', read: 'supervisor' },
  { room: 'audit', read: 'admin' },
];

/** Rooms that a user may enter: carriers belong to no place; approvals are where the hub asks for them. */
export function roomsOf({ user, fourEyes = [] }: Session) {
  return registryRooms.filter(
    ({ room, read }) =>
      mayAs(user.role, read) &&
      (room !== 'carriers' || user.scope === undefined) &&
      (room !== 'approvals' || fourEyes.length > 0),
  );
}
