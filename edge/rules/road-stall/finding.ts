/** What a place says when it becomes an event, changes, or is clear again. */
import type { Detail } from '../../../contracts/violations/index.ts';
import type { Finding, RuleSetting, StillWish } from '../../domain/rule.ts';
import { footPoint } from '../../geometry/box.ts';
import { distanceToPolyline } from '../../geometry/polygon.ts';
import type { Permission } from './permission.ts';
import type { Place } from './place.ts';

/** A stall within this many of its own heights of the shop-front line belongs to the shop. */
const SHOP_HEIGHTS = 0.6;
const round = (value: number, digits: number) => Number(value.toFixed(digits));

export const startSlot = (zone: string, place: Place) => `${zone}-stall-${place.id}-start`;

export function keyOf(place: Place, startedAt: number): string {
  const [x, y] = footPoint(place.anchor);
  return `${startedAt}-${Math.round(x * 1000)}-${Math.round(y * 1000)}`;
}

function subKind(place: Place, setting: RuleSetting<'road-stall'>, aspect: number): Detail<'road-stall'>['subKind'] {
  const line = setting.zone.shopFront;
  if (line && distanceToPolyline(footPoint(place.box), line, aspect) <= SHOP_HEIGHTS * place.box[3]) return 'shopfront';
  return place.source === 'cart' || place.source === 'vehicle' ? 'roaming' : 'road';
}

function stillsOf(phase: 'start' | 'update' | 'end', place: Place, zone: string): StillWish[] {
  if (phase === 'update') return [{ role: 'during', from: 'frame' }];
  if (phase === 'end') return [{ role: 'cleared', from: 'frame' }];
  const start: StillWish[] = place.kept ? [{ role: 'start', from: 'slot', slot: startSlot(zone, place) }] : [];
  return [{ role: 'before', from: 'history', before: place.since }, ...start, { role: 'threshold', from: 'frame' }];
}

export function findingOf(
  phase: 'start' | 'update' | 'end',
  place: Place,
  setting: RuleSetting<'road-stall'>,
  permission: Permission,
  at: number,
  aspect: number,
): Finding<'road-stall'> {
  const startedAt = place.fired?.startedAt ?? place.forbiddenSince ?? place.since;
  const box = place.box.map((value) => round(Math.min(2, Math.max(-1, value)), 5)) as [number, number, number, number];
  const score = round(Math.min(1, Math.max(0, place.score)), 4);
  const whole = { track: place.objects[0]?.track ?? 0, class: 'stall', score, box };
  return {
    kind: 'road-stall',
    phase,
    key: place.fired?.key ?? keyOf(place, startedAt),
    startedAt,
    at,
    endedAt: phase === 'end' ? Math.max(startedAt, place.seenAt) : null,
    score,
    objects: place.source === 'props' || place.source === 'vehicle' ? [whole, ...place.objects] : [whole],
    detail: {
      dwellSeconds: round(place.forbiddenMs / 1000, 1),
      attended: place.attendedMs > 0,
      permit: permission.permit,
      ruleWindow: permission.ruleWindow,
      subKind: subKind(place, setting, aspect),
      unknownSeconds: round(place.unknownMs / 1000, 1),
    },
    stills: stillsOf(phase, place, setting.zone.id),
  };
}
