/** An export of verdicts, read and checked line by line (contracts/verdicts.ts). */
import { Verdict, VerdictEnd, VerdictHeader } from '../../contracts/verdicts.ts';
import { AppError } from '../../platform/app-error.ts';
import { faultsOf } from '../../platform/validate.ts';

export type VerdictFile = { readonly header: VerdictHeader; readonly verdicts: readonly Verdict[] };

type Schema = typeof VerdictHeader | typeof Verdict | typeof VerdictEnd;

function refuse(file: string, line: number, message: string): never {
  throw new AppError('EVAL_VERDICTS', `${file}, line ${line}: ${message}`);
}

function objectIn(file: string, line: number, text: string): { readonly type?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // One answer for whatever is no object.
  }
  return refuse(file, line, 'expected one JSON object');
}

function checked<T>(file: string, line: number, schema: Schema, value: unknown): T {
  const [fault] = faultsOf(schema, value);
  if (fault) refuse(file, line, fault.path ? `${fault.path}: ${fault.message}` : fault.message);
  return value as T;
}

/**
 * @param file its name, for errors
 * @throws EVAL_VERDICTS with the line at which it stops being an export
 */
export function readVerdictFile(file: string, text: string): VerdictFile {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const [first = '', ...rest] = lines;
  const header = checked<VerdictHeader>(file, 1, VerdictHeader, objectIn(file, 1, first));
  const last = rest.pop();
  const end = last === undefined ? null : objectIn(file, lines.length, last);
  if (end?.type !== 'end') refuse(file, lines.length, 'the file was cut off: its last line is no end');
  const { verdicts: count } = checked<VerdictEnd>(file, lines.length, VerdictEnd, end);
  const verdicts = rest.map((line, i) => checked<Verdict>(file, i + 2, Verdict, objectIn(file, i + 2, line)));
  if (count !== verdicts.length) refuse(file, lines.length, `it says ${count} verdicts and holds ${verdicts.length}`);
  const cases = new Set<string>();
  for (const [i, verdict] of verdicts.entries()) {
    if (cases.has(verdict.case)) refuse(file, i + 2, `case ${verdict.number} is there twice`);
    cases.add(verdict.case);
  }
  return { header, verdicts };
}
