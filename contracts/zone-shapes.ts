/** What is drawn of a zone: its polygon and whatever else its violation's entry says is drawn; pure. */
import { type Point, Shape } from './geometry.ts';
import { violations } from './violations/index.ts';
import type { ZoneConfig } from './zone.ts';

export type ZoneShape = { readonly key: string; readonly points: readonly Point[]; readonly closed: boolean };

function isPoint(value: unknown): value is Point {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'number');
}

function isPointList(value: unknown): value is Point[] {
  return Array.isArray(value) && value.length >= 2 && value.every(isPoint);
}

/** Shapes of the zone's own geometry: point lists are lines or polygons, lists of things with a polygon are polygons. */
export function shapesOf(zone: ZoneConfig): ZoneShape[] {
  const shapes: ZoneShape[] = [{ key: 'zone', points: zone.polygon, closed: true }];
  const schemas = violations[zone.kind].geometry.properties as Record<string, { readonly [Shape]?: unknown }>;
  const drawn = zone as unknown as Record<string, unknown>;
  for (const [key, schema] of Object.entries(schemas)) {
    const value = drawn[key];
    if (isPointList(value)) shapes.push({ key, points: value, closed: schema[Shape] === 'polygon' });
    else if (Array.isArray(value)) {
      value.forEach((part: unknown, index) => {
        if (typeof part !== 'object' || part === null || !('polygon' in part) || !isPointList(part.polygon)) return;
        shapes.push({ key: `${key}-${index}`, points: part.polygon, closed: true });
      });
    }
  }
  return shapes;
}
