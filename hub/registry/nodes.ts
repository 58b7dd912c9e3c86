/** Nodes and cameras as the hub knows them. */
import type { CameraBody, ChainFork, NodeBody, NodeView } from '../../contracts/api/registry.ts';
import { type NodeStatus, watchingNothing } from '../../contracts/status.ts';
import type { Bilingual } from '../../contracts/text.ts';
import type { ZoneConfig } from '../../contracts/zone.ts';
import { AppError } from '../../platform/app-error.ts';
import { type Clock, systemClock, timestamp } from '../../platform/clock.ts';
import { zoneListFaults } from '../../platform/load-config.ts';
import { allCameras, type CameraRow, cameraById, writeCamera } from '../storage/cameras.ts';
import { forksOfNodes } from '../storage/forks.ts';
import { allGaps, markNodeRemoved, raiseNodeAccessVersion, registeredNodes, writeNode } from '../storage/nodes.ts';
import { countQuarantine } from '../storage/quarantine.ts';
import type { Store } from '../storage/store.ts';
import { camerasOfUnit } from '../storage/units.ts';
import { nodePublicKey, takeNodeKey } from './node-keys.ts';
import { hashPassword } from './password.ts';

const parsed = <T>(json: string | null): T | null => (json === null ? null : (JSON.parse(json) as T));

const SHOWN_FORKS = 20;

/** A node that is away watches nothing, whatever its last word said of its cameras. */
const asSeen = (status: NodeStatus | null) => (status?.state === 'offline' ? watchingNothing(status) : status);

/**
 * A password left out keeps the one that is there, and so does `disabled`; a node without a password cannot connect.
 * Another key than before rotates. One that was removed comes back with its numbers, and needs a new password.
 * @throws API_NODE_KEY
 */
export async function upsertNode(store: Store, body: NodeBody, clock: Clock = systemClock): Promise<void> {
  const key = nodePublicKey(body.publicKey);
  const fields = {
    name: body.name ? JSON.stringify(body.name) : null,
    public_key: key.pem,
    removed_at: null,
    ...(body.disabled === undefined ? {} : { disabled: body.disabled ? 1 : 0 }),
    ...(body.password === undefined ? {} : { password_hash: await hashPassword(body.password) }),
  };
  await store.exclusive(async (trx) => {
    await takeNodeKey(trx, body.id, key, clock.now());
    await writeNode(trx, body.id, fields);
    await raiseNodeAccessVersion(trx);
  });
}

/** Unregisters a node. Its events, cases, key and number stay; its password goes. @throws API_NOT_FOUND */
export async function removeNode(store: Store, id: string, now: number): Promise<void> {
  await store.transaction(async (trx) => {
    if (!(await markNodeRemoved(trx, id, timestamp(now)))) throw new AppError('API_NOT_FOUND', `node ${id}`);
    await raiseNodeAccessVersion(trx);
  });
}

/** Every registered node with its last status, what is missing of it and what was refused. */
export async function listNodes(store: Store): Promise<NodeView[]> {
  const [nodes, gaps, refusals, forks] = await Promise.all([
    registeredNodes(store.db),
    allGaps(store.db),
    countQuarantine(store.db),
    forksOfNodes(store.db, SHOWN_FORKS),
  ]);
  const refusalsOf = (id: string) => refusals.filter(({ node }) => node === id);
  const forksOf = (id: string) => forks.find(({ node }) => node === id);
  return nodes.map((node) => ({
    id: node.id,
    name: parsed<Bilingual>(node.name),
    publicKey: node.public_key,
    disabled: node.disabled === 1,
    status: asSeen(parsed<NodeStatus>(node.status)),
    lastSeq: node.last_seq,
    missing: gaps.filter((gap) => gap.node === node.id).map((gap) => [gap.from_seq, gap.to_seq] as [number, number]),
    quarantined: refusalsOf(node.id).reduce((sum, { messages }) => sum + messages, 0),
    refusals: refusalsOf(node.id).map(({ code, messages, times, last_at }) => ({
      code,
      messages,
      times,
      lastAt: last_at,
    })),
    forks: forksOf(node.id)?.forks ?? 0,
    latestForks: (forksOf(node.id)?.latest ?? []).map((fork) => ({ ...fork, kind: fork.kind as ChainFork['kind'] })),
    lastEventAt: node.last_event_at,
  }));
}

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
    zones: JSON.parse(row.zones) as ZoneConfig[],
  };
}

function checkZones(zones: readonly ZoneConfig[]): void {
  const faults = zoneListFaults(zones, 'zones');
  if (faults.length > 0) throw new AppError('API_VALIDATION', 'zones', { faults });
}

/** Adds or replaces a camera with its zones. @throws API_VALIDATION with each fault of a zone */
export async function upsertCamera(store: Store, body: CameraBody): Promise<void> {
  checkZones(body.zones);
  await writeCamera(store.db, {
    id: body.id,
    node: body.node,
    name: JSON.stringify(body.name),
    kind: body.kind,
    lon: body.location?.lon ?? null,
    lat: body.location?.lat ?? null,
    district: body.district ?? null,
    grid: body.grid ?? null,
    site: body.site ?? null,
    zones: JSON.stringify(body.zones),
  });
}

/** Every camera with its zones. */
export async function listCameras(store: Store): Promise<CameraBody[]> {
  return (await allCameras(store.db)).map(toCamera);
}

/** Cameras that cases of this unit are about, without their zones: how a camera decides is the office's. */
export async function listCamerasOfUnit(store: Store, unit: string): Promise<CameraBody[]> {
  return (await camerasOfUnit(store.db, unit)).map((row) => ({ ...toCamera(row), zones: [] }));
}

/** @throws API_NOT_FOUND */
export async function getCamera(store: Store, id: string): Promise<CameraBody> {
  const row = await cameraById(store.db, id);
  if (!row) throw new AppError('API_NOT_FOUND', `camera ${id}`);
  return toCamera(row);
}

/** Replaces the zones of a camera. @throws API_VALIDATION with each fault of a zone, API_NOT_FOUND */
export async function replaceZones(store: Store, id: string, zones: ZoneConfig[]): Promise<void> {
  checkZones(zones);
  await upsertCamera(store, { ...(await getCamera(store, id)), zones });
}
