/** What the hub asks of a node: desired configuration and commands, checked before anyone acts on them. */
import { type AppliedConfig, Command, DesiredConfig, type Reply } from '../../contracts/command.ts';
import type { Log } from '../../platform/log.ts';
import { faultsOf, isValid } from '../../platform/validate.ts';

export type OrderHandlers = {
  /** Checks the configuration and reports what runs now. */
  readonly onConfig: (desired: DesiredConfig) => Promise<AppliedConfig>;
  readonly onCommand: (command: Command) => Promise<Reply>;
};

const MAX_BYTES = 1024 * 1024;

function parse(payload: Buffer): unknown {
  if (payload.length > MAX_BYTES) return undefined;
  try {
    return JSON.parse(payload.toString('utf8')) as unknown;
  } catch {
    // Not JSON: the schema check right after this refuses it with a reason.
    return undefined;
  }
}

/** What does not fit the wire is answered here, with its faults and version 0. */
export async function answerConfig(payload: Buffer, handlers: OrderHandlers): Promise<AppliedConfig> {
  const value = parse(payload);
  if (!isValid(DesiredConfig, value)) return { version: 0, ok: false, faults: faultsOf(DesiredConfig, value, 20) };
  return handlers.onConfig(value);
}

/** Null when there is nobody to answer: the payload has no request id. */
export async function answerCommand(payload: Buffer, handlers: OrderHandlers, log: Log): Promise<Reply | null> {
  const value = parse(payload);
  if (isValid(Command, value)) return handlers.onCommand(value);
  const requestId = (value as { requestId?: unknown } | null | undefined)?.requestId;
  if (typeof requestId !== 'string' || requestId.length < 1 || requestId.length > 64) {
    log.warn({ bytes: payload.length }, 'a command without a request id was ignored');
    return null;
  }
  return { requestId, ok: false, code: 'API_VALIDATION', message: 'not a command of this version' };
}
