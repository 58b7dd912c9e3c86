/** Numbers given out once: no series may stand below what carries a number of it. */
import { wrongCounts } from '../../storage/case-lists/counts.ts';
import { counterValues, noticeNumbers } from '../../storage/examination.ts';
import type { Db } from '../../storage/store.ts';
import type { Findings } from './findings.ts';

/** Division code, day, number: hub/cases/settings.ts. */
const CASE = /^\d{6}(\d{8})(\d+)$/;
const NOTICE = /^KW-(\d{8})-(\d+)$/;

/** Collects the highest number of each series. */
export function createSeries() {
  const highest = new Map<string, number>();
  const take = (series: string, pattern: RegExp, text: string) => {
    const [, day = '', n = ''] = pattern.exec(text) ?? [];
    if (day !== '') highest.set(`${series} ${day}`, Math.max(highest.get(`${series} ${day}`) ?? 0, Number(n)));
  };
  return {
    takeCase: (number: string) => take('cases', CASE, number),
    takeNotice: (number: string) => take('notices', NOTICE, number),
    highest: highest as ReadonlyMap<string, number>,
  };
}

/** @param series with the numbers of all cases */
export async function checkCounters(
  db: Db,
  series: ReturnType<typeof createSeries>,
  findings: Findings,
): Promise<void> {
  for (const { number } of await noticeNumbers(db)) series.takeNotice(number);
  const values = new Map((await counterValues(db)).map(({ name, value }) => [name, value]));
  for (const [name, highest] of series.highest) {
    const value = values.get(name) ?? 0;
    if (value < highest) findings.add('HUB_CHECK_COUNTER', `counters: ${name}`, `it is ${value}, set it to ${highest}`);
  }
  for (const { kind, state, cases, counted } of await wrongCounts(db)) {
    const detail = `${counted} counted, ${cases} there; empty the table: the hub counts anew when it starts`;
    findings.add('HUB_CHECK_COUNTER', `case_counts: ${kind} ${state}`, detail);
  }
}
