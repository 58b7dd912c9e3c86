/** The stills of a case and which two of them say most: pure. */
import type { CaseDetail, CaseEvent, CaseSummary } from '../../../../contracts/api/case.ts';
import type { ActualFile, EvidenceRole, EvidenceState } from '../../../../contracts/evidence.ts';
import { violations } from '../../../../contracts/violations/index.ts';

export type Still = {
  readonly sha256: string;
  readonly role: EvidenceRole;
  readonly at: string;
  readonly width: number;
  readonly height: number;
  readonly mime: 'image/jpeg' | 'video/mp4';
  readonly stored: boolean;
  readonly state: EvidenceState;
  /** What the file turned out to be, where that is not what its event says. */
  readonly actual?: ActualFile;
  readonly event: CaseEvent;
};

/** Stills that show the place as it was or will be: boxes of the event do not belong on them. */
const emptyRoles: ReadonlySet<EvidenceRole> = new Set(['before', 'ground-before', 'cleared']);

const beforeRoles: readonly EvidenceRole[] = ['before', 'ground-before', 'approach', 'start'];

/** Why a still cannot be shown; null when it can. */
export function absenceOf({ state, mime, actual }: Still): Exclude<EvidenceState, 'stored'> | 'unreadable' | null {
  if (state !== 'stored') return state;
  return actual !== undefined && actual.mime !== mime ? 'unreadable' : null;
}

export function showsEmptyPlace(still: Still): boolean {
  return emptyRoles.has(still.role);
}

/** Stills of what moves on: a box measured at another moment would mark the wrong spot. */
const passingRoles: ReadonlySet<EvidenceRole> = new Set([
  ...(['approach', 'bed', 'plate', 'during', 'after', 'ground-before', 'ground-after'] as const),
]);

/** Whether the event's boxes say something about this still. */
export function takesBoxes(still: Still): boolean {
  return !passingRoles.has(still.role) || still.at === still.event.at;
}

/** Every file of every event once, in the order in which the camera saw them. */
export function stillsOf(detail: CaseDetail): Still[] {
  const seen = new Map<string, Still>();
  for (const event of detail.events) {
    for (const file of event.evidence) {
      if (!seen.has(`${file.sha256}/${file.role}`)) seen.set(`${file.sha256}/${file.role}`, { ...file, event });
    }
  }
  return [...seen.values()].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

function firstOfRoles(stills: readonly Still[], roles: readonly EvidenceRole[]): Still | undefined {
  for (const role of roles) {
    const found = stills.find((still) => still.role === role);
    if (found !== undefined) return found;
  }
  return undefined;
}

export type Pair = { readonly left: Still | null; readonly right: Still | null };

/**
 * Right: the thumbnail, else the most telling still of the latest event. Left: the place before it, in the same event and
 * earlier; where nothing is earlier, the telling still itself comes first and what followed stands beside it.
 */
export function pickPair(stills: readonly Still[], { kind, thumbnail }: Pick<CaseSummary, 'kind' | 'thumbnail'>): Pair {
  const images = stills.filter((still) => still.mime === 'image/jpeg');
  const latest = images.filter((still) => still.event.id === images.at(-1)?.event.id);
  const named = images.find((still) => still.sha256 === thumbnail && !showsEmptyPlace(still));
  const telling = named ?? firstOfRoles(latest, violations[kind].stillOrder) ?? images.at(-1) ?? null;
  const same = images.filter((still) => still.event.id === telling?.event.id && still !== telling);
  const earlier = same.filter((still) => telling !== null && still.at <= telling.at);
  const before = firstOfRoles(earlier, beforeRoles) ?? earlier[0];
  if (before !== undefined || telling === null) return { left: before ?? null, right: telling };
  const after = same.at(-1);
  return after === undefined ? { left: null, right: telling } : { left: telling, right: after };
}
