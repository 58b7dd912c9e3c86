/** The one error type that crosses a border: a code of the catalogue, one line for a person, and the cause. */
import { type ErrorCode, errors } from '../contracts/errors.ts';

/** `line`: where it stands, in a file. `messageZh`: where people at a desk read it. */
export type Fault = {
  readonly path: string;
  readonly message: string;
  readonly messageZh?: string;
  readonly line?: number;
};

export class AppError extends Error {
  readonly code: ErrorCode;
  /** Every fault at once, where there may be several (a configuration, a request). */
  readonly faults: readonly Fault[];

  constructor(code: ErrorCode, detail: string, options: { cause?: unknown; faults?: readonly Fault[] } = {}) {
    super(`${errors[code].message}: ${detail}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.faults = options.faults ?? [];
  }
}

/** One line for a terminal: code, what, where, and how to mend it. */
export function describeError(error: unknown): string {
  if (!(error instanceof AppError)) return error instanceof Error ? error.message : String(error);
  const faults = error.faults
    .map(
      ({ path, message, line }) => `\n  ${line === undefined ? '' : `line ${line}: `}${path || '(root)'}: ${message}`,
    )
    .join('');
  return `${error.code} ${error.message}${faults}\n  → ${errors[error.code].fix}`;
}
