/** Whom a form of the manager's page answers, and that its answer is recorded with each of them. */
import type { Bilingual } from '../../../contracts/text.ts';
import { AppError } from '../../../platform/app-error.ts';
import type { NoticeAnswer } from '../../notices/answer.ts';
import type { NoticeCommands } from '../../notices/commands.ts';
import type { OpenedLink } from '../../notices/reads.ts';
import type { NoticeRow } from '../../storage/notices.ts';
import { inSentences } from './notice-form.ts';

const whichCase: Bilingual = {
  zh: '请在所要答复的那一起中填写。',
  en: 'Use the form of the case that you answer.',
};

/** The notice that the form names; all of them where one is acknowledged without a name; none if it cannot be told. */
function targetsOf(
  { rows, open }: OpenedLink,
  { notice, kind }: Readonly<Record<string, string>>,
): readonly NoticeRow[] {
  if (notice !== undefined) return open.filter(({ number }) => number === notice);
  return rows.length === 1 || kind === 'acknowledge' ? open : [];
}

/** Records the answer, or says what it lacks. */
async function record(commands: NoticeCommands, row: NoticeRow, answer: NoticeAnswer): Promise<Bilingual | null> {
  try {
    await commands.answer(row, answer);
    return null;
  } catch (error) {
    const fault = error instanceof AppError && error.code === 'API_VALIDATION' ? error.faults[0] : undefined;
    if (!fault) throw error;
    return inSentences(fault);
  }
}

/**
 * What was recorded already is recorded once, so that pressing again goes on where it stopped.
 *
 * @param fields of the form. @returns what it lacks, or null
 */
export async function recordAnswer(
  commands: NoticeCommands,
  link: OpenedLink,
  fields: Readonly<Record<string, string>>,
  answer: NoticeAnswer,
): Promise<Bilingual | null> {
  const rows = targetsOf(link, fields);
  if (rows.length === 0) return whichCase;
  for (const row of rows) {
    const fault = await record(commands, row, answer);
    if (fault) return fault;
  }
  return null;
}
