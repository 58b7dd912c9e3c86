/** What is drawn of a zone: its polygon and whatever else its violation's entry says is drawn; pure. */
import type { Point } from '../../../../contracts/geometry.ts';
import { violations } from '../../../../contracts/violations/index.ts';
import type { ZoneConfig } from '../../../../contracts/zone.ts';

export type Shape = { readonly key: string; readonly points: readonly Point[]; readonly closed: boolean };

function isPoint(value: unknown): value is Point {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'number');
}

function isPointList(value: unknown): value is Point[] {
  return Array.isArray(value) && value.length >= 2 && value.every(isPoint);
}

/** A polygon's schema asks for three points at least; lines do with two. */
function isClosed(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && 'minItems' in schema && Number(schema.minItems) >= 3
    ? !('items' in schema && Array.isArray(schema.items))
    : false;
}

/** Shapes of the zone's own geometry: point lists are lines or polygons, lists of things with a polygon are polygons. */
export function shapesOf(zone: ZoneConfig): Shape[] {
  const shapes: Shape[] = [{ key: 'zone', points: zone.polygon, closed: true }];
  const schemas = violations[zone.kind].geometry.properties as Record<string, unknown>;
  const drawn = zone as unknown as Record<string, unknown>;
  for (const [key, schema] of Object.entries(schemas)) {
    const value = drawn[key];
    if (isPointList(value)) shapes.push({ key, points: value, closed: isClosed(schema) });
    else if (Array.isArray(value)) {
      value.forEach((part: unknown, index) => {
        if (typeof part !== 'object' || part === null || !('polygon' in part) || !isPointList(part.polygon)) return;
        shapes.push({ key: `${key}-${index}`, points: part.polygon, closed: true });
      });
    }
  }
  return shapes;
}
