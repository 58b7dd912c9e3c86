/** Configuration of links: when cases of two cameras are proposed as likely the same. */
import { type Static, Type } from '@sinclair/typebox';
import type { LinkSettings } from './dedupe/link.ts';

const closed = { additionalProperties: false } as const;

export const LinksConfig = Type.Object(
  {
    enabled: Type.Optional(
      Type.Boolean({ default: true, description: 'false: cases of two cameras are never proposed as the same' }),
    ),
    plateMinutes: Type.Optional(
      Type.Number({
        minimum: 1,
        maximum: 240,
        default: 15,
        description: 'Two passes with one plate are one drive within this time, min; later it is another one',
      }),
    ),
    passSeconds: Type.Optional(
      Type.Number({
        minimum: 5,
        maximum: 900,
        default: 90,
        description: 'Two passes of one site without both plates are looked at within this time, s',
      }),
    ),
    minKmh: Type.Optional(
      Type.Number({ minimum: 1, maximum: 50, default: 5, description: 'Slowest drive between two cameras, km/h' }),
    ),
    maxKmh: Type.Optional(
      Type.Number({ minimum: 10, maximum: 150, default: 60, description: 'Fastest drive between two cameras, km/h' }),
    ),
    stallMetres: Type.Optional(
      Type.Number({
        minimum: 0.5,
        maximum: 15,
        default: 3,
        description: 'Two cameras show one stall when its places on the ground are this close, m',
      }),
    ),
    stallMinutes: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 120,
        default: 10,
        description: 'and no more than this lies between the two sightings, min',
      }),
    ),
  },
  { ...closed, description: 'Cases of two cameras that are likely the same: proposed, never merged by themselves' },
);
export type LinksConfig = Static<typeof LinksConfig>;

/** What the pure rule counts with, defaults filled in. */
export function linkSettings(config: LinksConfig = {}): LinkSettings {
  return {
    enabled: config.enabled ?? true,
    plateMs: (config.plateMinutes ?? 15) * 60_000,
    passMs: (config.passSeconds ?? 90) * 1000,
    minKmh: config.minKmh ?? 5,
    maxKmh: config.maxKmh ?? 60,
    stallMetres: config.stallMetres ?? 3,
    stallMs: (config.stallMinutes ?? 10) * 60_000,
  };
}
