/** What is drawn of a zone: its polygon and whatever shapes its violation's entry has, found by their marks. */
import type { TSchema } from '@sinclair/typebox';
import { type Point, Shape } from './geometry.ts';
import { violations } from './violations/index.ts';
import type { ZoneConfig } from './zone.ts';

/** Points in shares of the frame (0..1); `closed`: a polygon, else a line. */
export type ZoneShape = { readonly key: string; readonly points: readonly Point[]; readonly closed: boolean };

function drawnIn(schema: TSchema, value: unknown, key: string): ZoneShape[] {
  if (value === undefined || value === null) return [];
  const mark = (schema as { readonly [Shape]?: unknown })[Shape];
  if (mark === 'polygon' || mark === 'line') return [{ key, points: value as Point[], closed: mark === 'polygon' }];
  const { items, properties } = schema as { items?: TSchema; properties?: Record<string, TSchema> };
  if (Array.isArray(value)) return items ? value.flatMap((part, i) => drawnIn(items, part, `${key}-${i}`)) : [];
  const fields = value as Readonly<Record<string, unknown>>;
  return Object.entries(properties ?? {}).flatMap(([name, of]) => drawnIn(of, fields[name], key === '' ? name : key));
}

/** The zone's polygon first, then the shapes of its kind's geometry, at whatever depth. */
export function shapesOf(zone: ZoneConfig): ZoneShape[] {
  return [{ key: 'zone', points: zone.polygon, closed: true }, ...drawnIn(violations[zone.kind].geometry, zone, '')];
}
