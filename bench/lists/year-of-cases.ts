/** A city's year of cases in an empty hub database: 245 cameras, 80 sites, most of it closed, written as the hub writes. */
import { violationKinds } from '../../contracts/violations/index.ts';
import { type CaseRow, writeCases } from '../../hub/storage/cases.ts';
import type { Store } from '../../hub/storage/store.ts';
import { timestamp } from '../../platform/clock.ts';
import { createRandom } from '../../sim/random.ts';
import { caseRow } from '../../tests/hub/case-rows.ts';

const BEGAN = Date.parse('2026-01-01T00:00:00.000Z');
export const ENDED = Date.parse('2026-11-27T00:00:00.000Z');
const CAMERAS = 245;
const SITES = 80;
const AT_ONCE = 500;
/** Cases that wait for a decision. */
const WAITING = 300;

function stateOf(n: number, cases: number, random: (below: number) => number): string {
  if (n >= cases - WAITING) return 'pending-review';
  const share = random(10_000);
  if (share < 6000) return 'closed';
  if (share < 9000) return 'rejected';
  if (share < 9700) return 'expired';
  return share < 9999 ? 'dispatched' : 'field-check';
}

function rowOf(n: number, cases: number, random: (below: number) => number): CaseRow {
  const camera = random(CAMERAS);
  const kind = violationKinds[n % violationKinds.length] as string;
  const truck = kind === 'muck-truck';
  const opened = timestamp(BEGAN + Math.floor(((ENDED - BEGAN) / cases) * n));
  const state = stateOf(n, cases, random);
  return caseRow(n, {
    ...{ kind, state, opened_at: opened },
    camera: `cam-${camera}`,
    site: truck ? `site-${camera % SITES}` : null,
    plate: truck ? `闽C${String(random(100_000)).padStart(5, '0')}` : null,
    unit: state === 'dispatched' ? `unit-${camera % 12}` : null,
    due_at: state === 'dispatched' ? opened : null,
  });
}

/** @param onWritten told of how many there are so far */
export async function fillCases(store: Store, cases: number, onWritten: (cases: number) => void): Promise<void> {
  const share = createRandom('a year of cases');
  const random = (below: number) => Math.floor(share() * below);
  for (let from = 0; from < cases; from += AT_ONCE) {
    const rows = Array.from({ length: Math.min(AT_ONCE, cases - from) }, (_, i) => rowOf(from + i, cases, random));
    await store.transaction((trx) => writeCases(trx, store.dialect, rows));
    onWritten(from + rows.length);
  }
}
