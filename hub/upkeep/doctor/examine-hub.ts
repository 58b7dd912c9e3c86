/** A hub's data examined beside the hub that runs on it: nothing is changed. */
import { systemClock } from '../../../platform/clock.ts';
import type { HubPlace } from '../../load-hub.ts';
import { appliedMigrations, openReading, type Reading } from '../../storage/backup/reading.ts';
import { knownMigrations } from '../../storage/backup/replace.ts';
import { databaseFaults, orphanRows } from '../../storage/examination.ts';
import type { OnProgress } from '../progress.ts';
import { checkAuditLog, checkMessages, checkReports, checkTrails } from './chains.ts';
import { checkCounters, createSeries } from './counters.ts';
import { checkStoredFiles, checkSurplusFiles } from './files.ts';
import { createFindings, type Findings, type HubFinding } from './findings.ts';

export type Examination = {
  /** Empty: all is well. */
  readonly findings: readonly HubFinding[];
  /** Findings by code, also those that are too many to be told. */
  readonly counts: Readonly<Record<string, number>>;
  /** How much was looked at. */
  readonly examined: Readonly<Record<'messages' | 'cases' | 'audit' | 'reports' | 'files', number>>;
};

export type ExamineOptions = {
  /** Read every file of evidence; false: see that it is there with its size. */
  readonly readFiles: boolean;
  readonly onProgress: OnProgress;
};

/** A damaged page, as SQLite and PostgreSQL (class XX) say it. */
const isDamage = (error: unknown) =>
  /^(SQLITE_(CORRUPT|NOTADB|IOERR)|XX)/.test(String((error as { code?: unknown } | null)?.code ?? ''));

/** One check; where the database cannot be read, that is a finding and the others go on. @returns what it counted */
async function examine(reading: Reading, findings: Findings, what: string, check: () => Promise<unknown>) {
  try {
    const count = await check();
    return typeof count === 'number' ? count : 0;
  } catch (error) {
    if (!isDamage(error)) throw error;
    findings.add('HUB_CHECK_DATABASE', what, (error as Error).message);
    // PostgreSQL answers nothing more in a transaction that failed.
    await reading.release();
    await reading.hold();
    return 0;
  }
}

/** @returns whether this program can read on */
async function examineSchema({ db, dialect }: Reading, findings: Findings): Promise<boolean> {
  for (const fault of await databaseFaults(db, dialect)) findings.add('HUB_CHECK_DATABASE', dialect, fault);
  const applied = await appliedMigrations(db);
  const known = knownMigrations();
  const unlike = [
    ...known.filter((name) => !applied.includes(name)),
    ...applied.filter((name) => !known.includes(name)),
  ];
  if (unlike.length > 0) findings.add('HUB_CHECK_SCHEMA', 'migrations', unlike.join(', '));
  return unlike.length === 0;
}

/** Everything of one moment, so that what a running hub changes meanwhile is no finding. */
async function examineRows(reading: Reading, findings: Findings, onProgress: OnProgress) {
  const { db } = reading;
  const series = createSeries();
  const check = (what: string, work: () => Promise<unknown>) => examine(reading, findings, what, work);
  const examined = {
    messages: await check('messages', () => checkMessages(db, findings, (done) => onProgress('checking', done, null))),
    cases: await check('cases', () => checkTrails(db, findings, series.takeCase)),
    audit: await check('audit', () => checkAuditLog(db, findings)),
    reports: await check('monthly_reports', () => checkReports(db, findings)),
  };
  await check('counters', () => checkCounters(db, series, findings));
  await check('rows', async () => {
    for (const { table, column, rows, example } of await orphanRows(db))
      findings.add('HUB_CHECK_ORPHAN', table, `${rows} with a ${column} that is not there, such as ${example}`);
  });
  return examined;
}

/** Without its schema nothing of a database can be read. */
async function canHold(reading: Reading, findings: Findings): Promise<boolean> {
  try {
    await reading.hold();
    return true;
  } catch (error) {
    if (!isDamage(error)) throw error;
    findings.add('HUB_CHECK_DATABASE', 'schema', (error as Error).message);
    return false;
  }
}

/** @throws HUB_DATABASE when it does not answer */
export async function examineHub(place: HubPlace, { readFiles, onProgress }: ExamineOptions): Promise<Examination> {
  const findings = createFindings();
  const reading = await openReading(place.url, place.options);
  let examined: Examination['examined'] = { messages: 0, cases: 0, audit: 0, reports: 0, files: 0 };
  try {
    let readable = await canHold(reading, findings);
    if (!readable) return { findings: findings.told, counts: findings.counts(), examined };
    await examine(reading, findings, 'schema', async () => {
      readable = await examineSchema(reading, findings);
    });
    if (readable) {
      const rows = await examineRows(reading, findings, onProgress);
      // Files as they are now: a transaction held for hours would keep the hub's database from tidying up.
      await reading.release();
      const onChecked = (done: number) => onProgress('evidence', done, null);
      const parts = { db: reading.db, dir: place.evidenceDir, read: readFiles, findings, onChecked };
      const files = await examine(reading, findings, 'evidence', () => checkStoredFiles(parts));
      await examine(reading, findings, 'evidence', () => checkSurplusFiles(parts, systemClock.now()));
      examined = { ...rows, files };
    }
  } finally {
    await reading.close();
  }
  return { findings: findings.told, counts: findings.counts(), examined };
}
