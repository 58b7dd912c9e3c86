/** What an event can be known by on another camera: read from the event, its camera and its zone's ground plane. */
import type { ViolationEvent } from '../../contracts/event.ts';
import type { Location } from '../../contracts/geometry.ts';
import { placeOnGround } from '../../contracts/ground-map.ts';
import { isProposal, plateIn } from '../../contracts/violations/detail.ts';
import { type ViolationKind, violations } from '../../contracts/violations/index.ts';
import type { ZoneConfig } from '../../contracts/zone.ts';
import { timestamp } from '../../platform/clock.ts';
import type { LinkMark, LinkSettings } from '../dedupe/link.ts';
import { placeOf } from '../dedupe/place.ts';
import { sightingOf } from '../dedupe/sighting.ts';
import { plainPlate } from '../registry/haulage.ts';
import type { CameraRow } from '../storage/cameras.ts';
import type { EventMarkRow, MarkOfCase, MarkProbe } from '../storage/case-links.ts';

/** Squares of about 50 m: everything within 15 m lies in the same or a neighbouring one. */
const CELL_DEGREES = 0.0005;

const square = ({ lon, lat }: Location) => [Math.floor(lon / CELL_DEGREES), Math.floor(lat / CELL_DEGREES)] as const;

/** Of what stands: where its foot is on the ground. Null where the zone has no surveyed ground plane. */
function spotOnGround(event: ViolationEvent, camera: CameraRow | undefined): Location | null {
  const zones = camera ? (JSON.parse(camera.zones) as ZoneConfig[]) : [];
  const plane = zones.find(({ id }) => id === event.zone)?.groundPlane;
  const place = placeOf(event.objects);
  if (!plane || !place) return null;
  const [x, y, w, h] = place;
  return placeOnGround(plane, [x + w / 2, y + h]);
}

function placeOfCamera(event: ViolationEvent, camera: CameraRow | undefined): Location | null {
  if (event.location) return event.location;
  return camera && camera.lon !== null && camera.lat !== null ? { lon: camera.lon, lat: camera.lat } : null;
}

/** Words that the kind's entry calls the same wherever it is seen; a proposal and what arrived are never one. */
function traitsOf(event: ViolationEvent): Record<string, string> {
  const detail = event.detail as Readonly<Record<string, unknown>>;
  const own = (violations[event.kind].sameFields ?? []).map((field) => [field, String(detail[field])]);
  return { ...Object.fromEntries(own), proposal: String(isProposal(detail)) };
}

function siteOf(event: ViolationEvent, camera: CameraRow | undefined): string | null {
  return (event.detail as { site?: string | null }).site ?? camera?.site ?? null;
}

/**
 * The row of an event's mark; null where nothing could tell it on another camera.
 * @param typed the plate as a person knows it, which goes before what a machine read
 */
export function markRow(
  event: ViolationEvent,
  camera: CameraRow | undefined,
  typed: string | null,
): EventMarkRow | null {
  const { joins, plateField } = violations[event.kind];
  const passes = joins === 'event' && plateField !== undefined;
  const at = passes ? placeOfCamera(event, camera) : joins === 'place' ? spotOnGround(event, camera) : null;
  if (!passes && !at) return null;
  const plate = passes ? (typed ?? plateIn(event.kind, event.detail)) : null;
  const { startedAt, until } = sightingOf(event);
  return {
    ...{ event_id: event.id, kind: event.kind, camera: event.camera, by: passes ? 'pass' : 'place' },
    ...{ started_at: timestamp(startedAt), until: timestamp(until), lon: at?.lon ?? null, lat: at?.lat ?? null },
    plate: plate === null || plainPlate(plate) === '' ? null : plainPlate(plate),
    site: passes ? siteOf(event, camera) : null,
    cell: passes || !at ? null : [event.kind, ...square(at)].join(' '),
    traits: JSON.stringify(traitsOf(event)),
  };
}

/** A stored mark as the pure rule reads it. */
export function toLinkMark(row: MarkOfCase): LinkMark {
  return {
    ...{ event: row.event_id, case: row.case_id, camera: row.camera, plate: row.plate, site: row.site },
    kind: row.kind as ViolationKind,
    by: row.by as LinkMark['by'],
    startedAt: Date.parse(row.started_at),
    until: Date.parse(row.until),
    at: row.lon === null || row.lat === null ? null : { lon: row.lon, lat: row.lat },
    traits: JSON.parse(row.traits) as Record<string, string>,
  };
}

/** Where to look for what may be the same, and for its rivals: twice as far in time as a pair may lie apart. */
export function probesOf(mark: LinkMark, settings: LinkSettings): MarkProbe[] {
  const within = (on: MarkProbe['on'], value: string, ms: number): MarkProbe => ({
    ...{ on, value, from: timestamp(mark.startedAt - 2 * ms), to: timestamp(mark.until + 2 * ms) },
  });
  if (mark.by === 'pass')
    return [
      ...(mark.plate === null ? [] : [within('plate', mark.plate, settings.plateMs)]),
      ...(mark.site === null ? [] : [within('site', mark.site, settings.passMs)]),
    ];
  if (!mark.at) return [];
  const [east, north] = square(mark.at);
  const beside = [-1, 0, 1];
  return beside.flatMap((x) =>
    beside.map((y) => within('cell', `${mark.kind} ${east + x} ${north + y}`, settings.stallMs)),
  );
}
