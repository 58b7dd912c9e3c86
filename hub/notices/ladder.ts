/** The ladder and the responsibility letters of a site: read, and added to by named persons; nothing is taken back or changed. */
import { randomUUID } from 'node:crypto';
import type {
  LadderStepBody,
  LadderStepName,
  ResponsibilityLetter,
  ResponsibilityLetterBody,
  SiteLadder,
} from '../../contracts/api/ladder.ts';
import { AppError } from '../../platform/app-error.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import { kindOfHead } from '../../platform/content-kind.ts';
import { addLetter, addSiteStep, lettersOfSite, standingNotices, stepsOfSite } from '../storage/ladder.ts';
import { findSite } from '../storage/sites.ts';
import type { Db, Store } from '../storage/store.ts';
import { nextSteps } from './ladder-rule.ts';

/** What is late: nobody has corrected it, whoever is known to have it. */
const settledStates: ReadonlySet<string> = new Set(['corrected', 'verified']);
const fileKinds = ['application/pdf', 'image/jpeg', 'image/png'] as const;
const badFile = {
  path: 'file',
  message: 'expected the signed letter as a data: URL of a PDF, JPEG or PNG',
  messageZh: '责任书文件须为 PDF、JPEG 或 PNG',
};

type LadderParts = {
  readonly store: Pick<Store, 'db' | 'exclusive'>;
  readonly clock: Clock;
  /** Stores a file and gives its hash. */
  readonly keep: (bytes: Buffer, mime: string) => Promise<string>;
};

/** Its bytes and what they are; what the address says of them is not believed. @throws API_VALIDATION */
function readFile(file: string): { readonly bytes: Buffer; readonly mime: string } {
  const encoded = /^data:[a-z]+\/[a-z]+;base64,([A-Za-z0-9+/=]+)$/.exec(file)?.[1] ?? '';
  const bytes = Buffer.from(encoded, 'base64');
  const kind = bytes.subarray(0, 5).toString('latin1') === '%PDF-' ? 'application/pdf' : kindOfHead(bytes);
  const mime = fileKinds.find((known) => known === kind);
  if (!mime) throw new AppError('API_VALIDATION', badFile.path, { faults: [badFile] });
  return { bytes, mime };
}

export type SiteLadders = ReturnType<typeof createSiteLadders>;

/** @param parts `keep` runs before the transaction that records a letter */
export function createSiteLadders({ store, clock, keep }: LadderParts) {
  async function checkSite(db: Db, site: string): Promise<void> {
    if (!(await findSite(db, site))) throw new AppError('API_NOT_FOUND', `site ${site}`);
  }

  async function read(db: Db, site: string): Promise<SiteLadder> {
    await checkSite(db, site);
    const [notices, rows] = [await standingNotices(db, site), await stepsOfSite(db, site)];
    const now = timestamp(clock.now());
    const overdue = notices.filter(({ state, correct_by }) => correct_by < now && !settledStates.has(state)).length;
    const steps = rows.map(({ step, at, actor, note, carrier }) => {
      return { step: step as LadderStepName, at, by: actor, note, carrier };
    });
    const taken = steps.map(({ step }) => step);
    return { site, notices: notices.length, overdue, steps, next: nextSteps(taken, overdue) };
  }

  return {
    /** @throws API_NOT_FOUND */
    ladder: (site: string) => read(store.db, site),
    /** @throws API_NOT_FOUND, API_TRANSITION when the step before it was not taken */
    async take(site: string, { step, note, carrier }: LadderStepBody, by: string): Promise<SiteLadder> {
      return store.exclusive(async (trx) => {
        const { next } = await read(trx, site);
        if (!next.includes(step)) throw new AppError('API_TRANSITION', `${step} does not follow for site ${site}`);
        const at = timestamp(clock.now());
        await addSiteStep(trx, { id: randomUUID(), site, step, at, actor: by, note, carrier: carrier ?? null });
        return read(trx, site);
      });
    },
    /** The latest signed first. @throws API_NOT_FOUND */
    async letters(site: string): Promise<ResponsibilityLetter[]> {
      await checkSite(store.db, site);
      return (await lettersOfSite(store.db, site)).map((row) => ({
        ...{ number: row.number, signedOn: row.signed_on, signatory: row.signatory, sha256: row.sha256 },
        ...{ recordedBy: row.recorded_by, recordedAt: row.recorded_at },
      }));
    },
    /** @throws API_NOT_FOUND, API_VALIDATION for a file that is no letter */
    async sign(site: string, body: ResponsibilityLetterBody, by: string): Promise<ResponsibilityLetter[]> {
      await checkSite(store.db, site);
      const file = body.file === undefined ? null : readFile(body.file);
      const sha256 = file && (await keep(file.bytes, file.mime));
      const { number, signedOn, signatory } = body;
      const signed = { number, signed_on: signedOn, signatory, sha256 };
      const recorded = { recorded_by: by, recorded_at: timestamp(clock.now()) };
      await addLetter(store.db, { id: randomUUID(), site, ...signed, ...recorded });
      return this.letters(site);
    },
  };
}
