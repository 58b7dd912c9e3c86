/** Cameras with their zones, as the hub knows them. */
import type { CameraBody, SharingAgreement } from '../../contracts/api/registry.ts';
import type { Bilingual } from '../../contracts/text.ts';
import type { ZoneConfig } from '../../contracts/zone.ts';
import { AppError } from '../../platform/app-error.ts';
import { zoneListFaults } from '../../platform/load-config.ts';
import type { Author } from '../audit.ts';
import { allCameras, type CameraRow, cameraById, writeCamera } from '../storage/cameras.ts';
import type { Store } from '../storage/store.ts';
import { type Registered, upsertRegistered } from './registered.ts';

function toCamera(row: CameraRow): CameraBody {
  return {
    id: row.id,
    node: row.node,
    name: JSON.parse(row.name) as Bilingual,
    kind: row.kind as CameraBody['kind'],
    location: row.lon === null || row.lat === null ? null : { lon: row.lon, lat: row.lat },
    ...(row.district === null ? {} : { district: row.district }),
    ...(row.grid === null ? {} : { grid: row.grid }),
    ...(row.site === null ? {} : { site: row.site }),
    ...(row.owner === null ? {} : { owner: row.owner }),
    ...(row.source === null ? {} : { source: row.source as NonNullable<CameraBody['source']> }),
    ...(row.agreement === null ? {} : { agreement: JSON.parse(row.agreement) as SharingAgreement }),
    zones: JSON.parse(row.zones) as ZoneConfig[],
  };
}

const toRow = (body: CameraBody): CameraRow => ({
  id: body.id,
  node: body.node,
  name: JSON.stringify(body.name),
  kind: body.kind,
  lon: body.location?.lon ?? null,
  lat: body.location?.lat ?? null,
  district: body.district ?? null,
  grid: body.grid ?? null,
  site: body.site ?? null,
  owner: body.owner ?? null,
  source: body.source ?? null,
  agreement: body.agreement ? JSON.stringify(body.agreement) : null,
  zones: JSON.stringify(body.zones),
});

export const cameras: Registered<CameraBody> = {
  thing: 'camera',
  async find(db, id) {
    const row = await cameraById(db, id);
    return row ? toCamera(row) : null;
  },
  all: async (db, reach) => (await allCameras(db, reach)).map(toCamera),
  write: (db, body) => writeCamera(db, toRow(body)),
  faults: (body) => [...zoneListFaults(body.zones, 'zones')],
};

/** Adds or replaces a camera with its zones. @throws API_VALIDATION with each fault of a zone */
export function upsertCamera(store: Store, body: CameraBody, by?: Author): Promise<void> {
  return upsertRegistered(store, cameras, body, by);
}

/** @throws API_NOT_FOUND */
export async function getCamera(store: Store, id: string): Promise<CameraBody> {
  const camera = await cameras.find(store.db, id);
  if (!camera) throw new AppError('API_NOT_FOUND', `camera ${id}`);
  return camera;
}

/** Replaces the zones of a camera. @throws API_VALIDATION with each fault of a zone, API_NOT_FOUND */
export async function replaceZones(store: Store, id: string, zones: ZoneConfig[], by?: Author): Promise<void> {
  // What is wrong with the zones is told before whether there is such a camera, as ever.
  const faults = [...zoneListFaults(zones, 'zones')];
  if (faults.length > 0) throw new AppError('API_VALIDATION', 'zones', { faults });
  await upsertCamera(store, { ...(await getCamera(store, id)), zones }, by);
}
