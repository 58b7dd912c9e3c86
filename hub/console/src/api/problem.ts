/** What the API answers when it does not do as asked, as one error type. */

import type { Problem } from '../../../../contracts/api/problem.ts';
import type { ErrorCode } from '../../../../contracts/errors.ts';
import { currentLanguage, i18n } from '../i18n/index.ts';

/** `NETWORK`: no answer at all; every other code is one of the catalogue. */
export type ProblemCode = ErrorCode | 'NETWORK';

export class ApiProblem extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly problem: Problem | null;

  constructor(code: ProblemCode, status: number, problem: Problem | null, cause?: unknown) {
    super(problem?.title ?? code, { cause });
    this.name = 'ApiProblem';
    this.code = code;
    this.status = status;
    this.problem = problem;
  }
}

/** Whether the hub refused with this code. */
export function isProblem(error: unknown, code: ProblemCode): boolean {
  return error instanceof ApiProblem && error.code === code;
}

/** No answer, or a fault of the hub: it may pass. A refusal is an answer and stays. */
export function isPassing(error: unknown): boolean {
  return error instanceof ApiProblem && (error.status === 0 || error.status >= 500);
}

/** One line for people, in the language chosen, with the code that the manual explains. */
export function describeProblem(error: unknown): string {
  if (!(error instanceof ApiProblem)) return String(i18n.t('states.crashed'));
  if (error.problem === null) {
    return error.code === 'NETWORK' ? String(i18n.t('states.network')) : `${i18n.t('states.error')} (${error.status})`;
  }
  const chinese = currentLanguage() === 'zh';
  const title = chinese ? error.problem.titleZh : error.problem.title;
  // What the hub says in both languages is a sentence of its own; the rest names a field for whoever wrote the request.
  const faults = error.problem.errors
    ?.map(({ path, message, messageZh }) =>
      messageZh === undefined ? `${path}: ${message}` : chinese ? messageZh : message,
    )
    .join('; ');
  return [title, faults].filter(Boolean).join(' — ');
}
