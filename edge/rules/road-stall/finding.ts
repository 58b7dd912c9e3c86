/** What is reported of a place when it becomes an event, changes, or is clear again. */
import type { Detail } from '../../../contracts/violations/index.ts';
import type { EvidenceRequest, Finding, RuleContext } from '../../domain/rule.ts';
import type { Scene } from '../../domain/scene.ts';
import { footPoint } from '../../geometry/box.ts';
import { widthMetres } from '../../geometry/ground-plane.ts';
import { clamp, roundTo } from '../../geometry/numbers.ts';
import type { Permission } from './permission.ts';
import { type Place, startOf } from './place.ts';
import { isAtShopFront, mapOf, shopFrontMetres } from './spot.ts';
import { BEFORE_MS, MIN_ATTENDED_MS, MIN_CART_SHARE } from './tuning.ts';

type Context = RuleContext<'road-stall'>;
type Phase = 'start' | 'update' | 'end';

/** Slot of the still at the start of the dwell. */
export const startSlot = (zone: string, place: Place) => `${zone}-stall-${place.id}-start`;
/** Slot of the latest still of a stall that is an event. */
export const latestSlot = (zone: string, place: Place) => `${zone}-stall-${place.id}-latest`;

/** Key of a place's event: when it began and where it came to rest, in thousandths of the frame. @param startedAt ms */
export function keyOf(place: Place, startedAt: number): string {
  const [x, y] = footPoint(place.anchor);
  return `${startedAt}-${Math.round(x * 1000)}-${Math.round(y * 1000)}`;
}

function subKind(place: Place, context: Context, aspect: number): Detail<'road-stall'>['subKind'] {
  if (isAtShopFront(place.box, context, aspect)) return 'shopfront';
  return place.cartShare >= MIN_CART_SHARE ? 'roaming' : 'road';
}

/** All whose change is worth an update, in one string. */
export function changeKeyOf(place: Place, context: Context, permission: Permission, aspect: number): string {
  const attended = place.attendedMs >= MIN_ATTENDED_MS;
  return [attended, permission.permit, permission.ruleWindow, subKind(place, context, aspect), place.sightings].join(
    '|',
  );
}

function stillsOf(phase: Phase, place: Place, zone: string): EvidenceRequest[] {
  if (phase === 'update') return [{ role: 'during', from: 'frame' }];
  if (phase === 'end') {
    const latest: EvidenceRequest = { role: 'during', from: 'slot', slot: latestSlot(zone, place) };
    const cleared: EvidenceRequest = { role: 'cleared', from: 'frame' };
    return typeof place.fired?.latestAt === 'number' ? [latest, cleared] : [cleared];
  }
  const start: EvidenceRequest[] = place.kept ? [{ role: 'start', from: 'slot', slot: startSlot(zone, place) }] : [];
  const before = Math.min(place.firstAt, place.since) - BEFORE_MS;
  return [{ role: 'before', from: 'history', before }, ...start, { role: 'threshold', from: 'frame' }];
}

function measures(place: Place, context: Context): Partial<Detail<'road-stall'>> {
  const map = mapOf(context);
  const front = shopFrontMetres(place.box, context);
  const width = map ? widthMetres(map, place.box) : null;
  return {
    ...(front === null ? {} : { shopFrontMetres: roundTo(front, 2) }),
    ...(width === null ? {} : { widthMetres: roundTo(width, 2) }),
  };
}

/**
 * A proposal and no violation: it has stood as it is since the first look. Told once and whole, so that it is over.
 *
 * @param since ms; when it was seen first
 */
export function proposalOf(
  place: Place,
  since: number,
  context: Context,
  permission: Permission,
  scene: Scene,
): Finding<'road-stall'> {
  const finding = findingOf('end', place, context, permission, scene);
  const start: EvidenceRequest[] = place.kept
    ? [{ role: 'start', from: 'slot', slot: startSlot(context.zone.id, place) }]
    : [];
  return {
    ...finding,
    key: keyOf(place, since),
    startedAt: since,
    detail: { ...finding.detail, presentSinceStart: true },
    stills: [...start, { role: 'threshold', from: 'frame' }],
  };
}

/** @returns boxes in shares of the frame, which may reach beyond it */
export function findingOf(
  phase: Phase,
  place: Place,
  context: Context,
  permission: Permission,
  scene: Scene,
): Finding<'road-stall'> {
  const startedAt = place.fired?.startedAt ?? startOf(place);
  const box = place.box.map((value) => roundTo(clamp(value, -1, 2), 5)) as [number, number, number, number];
  const score = roundTo(clamp(place.score, 0, 1), 4);
  const whole = { track: place.objects[0]?.track ?? 0, class: 'stall', score, box };
  return {
    kind: 'road-stall',
    phase,
    key: place.fired?.key ?? keyOf(place, startedAt),
    startedAt,
    at: scene.at,
    endedAt: phase === 'end' ? Math.max(startedAt, place.seenAt) : null,
    score,
    objects: place.source === 'props' || place.source === 'vehicle' ? [whole, ...place.objects] : [whole],
    detail: {
      dwellSeconds: roundTo(place.forbiddenMs / 1000, 1),
      attended: place.attendedMs >= MIN_ATTENDED_MS,
      permit: permission.permit,
      ruleWindow: permission.ruleWindow,
      subKind: subKind(place, context, scene.aspect),
      unknownSeconds: roundTo(place.unknownMs / 1000, 1),
      sightings: place.sightings,
      ...measures(place, context),
    },
    stills: stillsOf(phase, place, context.zone.id),
  };
}
