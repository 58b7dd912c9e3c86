/** Errors between processes: code, message and faults arrive as they left, so that whoever catches them can tell them apart. */
import { type ErrorCode, errors } from '../../contracts/errors.ts';
import { AppError, type Fault } from '../../platform/app-error.ts';

export type WireFault = {
  /** Null for an error that is none of the catalogue's. */
  readonly code: ErrorCode | null;
  readonly message: string;
  readonly faults: readonly Fault[];
  readonly cause: string | null;
};

/** Any error as plain data. */
export function toWire(error: unknown): WireFault {
  const message = error instanceof Error ? error.message : String(error);
  const cause = error instanceof Error && error.cause !== undefined ? String(error.cause) : null;
  if (!(error instanceof AppError)) return { code: null, message, faults: [], cause };
  return { code: error.code, message, faults: error.faults, cause };
}

/** An `AppError` where it was one, else a plain error. */
export function fromWire({ code, message, faults, cause }: WireFault): Error {
  const options = cause === null ? {} : { cause };
  if (code === null) return new Error(message, options);
  // The constructor says the catalogue's words again.
  const words = `${errors[code].message}: `;
  return new AppError(code, message.startsWith(words) ? message.slice(words.length) : message, { ...options, faults });
}
