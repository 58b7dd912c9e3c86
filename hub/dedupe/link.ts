/**
 * Which sightings of two cameras are likely one thing: a truck by its plate, else by site, time of pass and time of
 * travel; a stall by its place on the ground. Cautious: what could as well be another one is not proposed. Pure.
 */
import type { Location } from '../../contracts/geometry.ts';
import type { ViolationKind } from '../../contracts/violations/index.ts';
import { metresApart } from '../../contracts/wgs84.ts';
import { gapMs } from './sighting.ts';

export type LinkSettings = {
  readonly enabled: boolean;
  readonly plateMs: number;
  readonly passMs: number;
  readonly minKmh: number;
  readonly maxKmh: number;
  readonly stallMetres: number;
  readonly stallMs: number;
};

/** What one event can be known by on another camera. Times in ms since the epoch. */
export type LinkMark = {
  readonly event: string;
  readonly case: string;
  readonly kind: ViolationKind;
  readonly camera: string;
  readonly startedAt: number;
  readonly until: number;
  /** `pass` = it drives by, `place` = it stands on the ground. */
  readonly by: 'pass' | 'place';
  /** Capitals without dots and blanks. */
  readonly plate: string | null;
  readonly site: string | null;
  /** Of what stands its place on the ground, of what drives by that of the camera. */
  readonly at: Location | null;
  /** Words that one thing has wherever it is seen. */
  readonly traits: Readonly<Record<string, string>>;
};

/** Why two sightings are likely one thing, with the figures that say so. */
export type LinkReason = {
  readonly by: 'plate' | 'pass' | 'ground';
  readonly plate: string | null;
  readonly metres: number | null;
  /** Between the two passes, or the two sightings; 0 where both cameras saw it at once. */
  readonly seconds: number;
  readonly kmh: number | null;
};

/** No truck drives faster through a city: the same plate there means a misread one, or a false one. */
const IMPOSSIBLE_KMH = 120;
/** Cameras this close look at one gate: a truck is before both within seconds, and its speed says nothing. */
const ONE_GATE_M = 30;
const ONE_GATE_MS = 15_000;

const rounded = (value: number, digits = 1) => Math.round(value * 10 ** digits) / 10 ** digits;

/** A word that both know and that differs: two things. */
function contradicts(a: LinkMark, b: LinkMark): boolean {
  return Object.entries(a.traits).some(([name, word]) => {
    const other = b.traits[name];
    return other !== undefined && other !== word && word !== 'unknown' && other !== 'unknown';
  });
}

function samePass(a: LinkMark, b: LinkMark, settings: LinkSettings): LinkReason | null {
  const ms = Math.abs(a.startedAt - b.startedAt);
  const metres = a.at && b.at ? metresApart(a.at, b.at) : null;
  const kmh = metres === null || ms === 0 ? null : (metres / ms) * 3600;
  const near = metres !== null && metres <= ONE_GATE_M;
  const figures = {
    metres: metres === null ? null : Math.round(metres),
    seconds: Math.round(ms / 1000),
    kmh: kmh === null || near ? null : Math.round(kmh),
  };
  if (a.plate !== null && b.plate !== null) {
    if (a.plate !== b.plate || ms > settings.plateMs) return null;
    // Two places at one instant, or too fast between them.
    if (metres !== null && !near && (kmh ?? Number.POSITIVE_INFINITY) > IMPOSSIBLE_KMH) return null;
    return { by: 'plate', plate: a.plate, ...figures };
  }
  if (a.site === null || a.site !== b.site || ms > settings.passMs || metres === null || contradicts(a, b)) return null;
  const drives = kmh !== null && kmh >= settings.minKmh && kmh <= settings.maxKmh;
  return (near ? ms <= ONE_GATE_MS : drives) ? { by: 'pass', plate: null, ...figures } : null;
}

function sameSpot(a: LinkMark, b: LinkMark, settings: LinkSettings): LinkReason | null {
  if (!a.at || !b.at || contradicts(a, b)) return null;
  const [metres, ms] = [metresApart(a.at, b.at), gapMs(a, b)];
  if (metres > settings.stallMetres || ms > settings.stallMs) return null;
  return { by: 'ground', plate: null, metres: rounded(metres), seconds: Math.round(ms / 1000), kmh: null };
}

/** Why two sightings are likely one thing; null where they are not, or of one camera, or of one case. */
export function likelySame(a: LinkMark, b: LinkMark, settings: LinkSettings): LinkReason | null {
  if (a.kind !== b.kind || a.camera === b.camera || a.case === b.case) return null;
  return a.by === 'pass' ? samePass(a, b, settings) : sameSpot(a, b, settings);
}

/** Whether a rival leaves no ground for the other pair: a closer one, or one that fits as well where nothing is closer. */
function beats(rival: LinkReason, own: LinkReason): boolean {
  if (rival.by === 'plate') return own.by !== 'plate' || rival.seconds < own.seconds;
  if (own.by === 'plate') return false;
  return rival.by === 'pass' || (rival.metres ?? 0) < (own.metres ?? 0);
}

export type LikelyPair = { readonly mark: LinkMark; readonly other: LinkMark; readonly reason: LinkReason };

/**
 * What this sighting is likely one with. Of two that could be the same, the closer one; of two passes that fit alike,
 * neither.
 * @param near every mark that may fit it or a mark that fits it
 */
export function likelyPairs(mark: LinkMark, near: readonly LinkMark[], settings: LinkSettings): LikelyPair[] {
  return near.flatMap((other) => {
    const reason = likelySame(mark, other, settings);
    if (!reason) return [];
    const beaten = near.some((rival) => {
      if (rival.case === mark.case || rival.case === other.case) return false;
      const instead =
        rival.camera === other.camera
          ? likelySame(mark, rival, settings)
          : rival.camera === mark.camera
            ? likelySame(rival, other, settings)
            : null;
      return instead !== null && beats(instead, reason);
    });
    return beaten ? [] : [{ mark, other, reason }];
  });
}
