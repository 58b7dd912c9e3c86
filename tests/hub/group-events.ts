/** Events to incidents, all at once: the meaning that the hub's step-by-step ingest must reproduce. */
import type { ViolationEvent } from '../../contracts/event.ts';
import {
  type DedupeSettings,
  foldSightings,
  gapMs,
  onSameSpot,
  type Sighting,
  sightingOf,
  spotOf,
} from '../../hub/dedupe/sighting.ts';

/** Ids of the events of one incident, in order. */
export type Incident = readonly string[];

function foldEvents(events: Iterable<ViolationEvent>): Map<string, Sighting> {
  const sightings = new Map<string, Sighting>();
  for (const event of events) {
    const seen = sightingOf(event);
    const known = sightings.get(seen.id);
    sightings.set(seen.id, known ? foldSightings(known, seen) : seen);
  }
  return sightings;
}

/** The highest revision of each event. */
export function latestRevisions(events: Iterable<ViolationEvent>): Map<string, ViolationEvent> {
  const latest = new Map<string, ViolationEvent>();
  for (const event of events) {
    const known = latest.get(event.id);
    if (!known || event.rev > known.rev) latest.set(event.id, event);
  }
  return latest;
}

/** Connected groups of linked sightings: the same for every order and repetition of the events. */
export function groupEvents(events: Iterable<ViolationEvent>, settings: DedupeSettings): Incident[] {
  const spots = new Map<string, Sighting[]>();
  for (const sighting of foldEvents(events).values()) {
    const spot = spots.get(spotOf(sighting));
    if (spot) spot.push(sighting);
    else spots.set(spotOf(sighting), [sighting]);
  }
  const incidents: Incident[] = [];
  for (const sightings of spots.values()) {
    const waiting = new Set(sightings);
    for (const first of sightings) {
      if (!waiting.delete(first)) continue;
      const group = [first];
      for (const member of group) {
        for (const other of waiting) {
          if (!onSameSpot(member, other) || gapMs(member, other) > settings.joinMs) continue;
          waiting.delete(other);
          group.push(other);
        }
      }
      incidents.push(group.map((sighting) => sighting.id).sort());
    }
  }
  return incidents.sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
}
