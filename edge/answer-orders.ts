/** What this version of the node does with the hub's orders, and what it says it does not. */
import type { AppliedConfig, Command, DesiredConfig, Reply } from '../contracts/command.ts';
import { AppError, describeError } from '../platform/app-error.ts';
import { checkConfig } from '../platform/load-config.ts';
import { EdgeConfig } from './config.ts';

/** Checks the configuration whole. It runs only what stands in its own file, and says so. */
export async function answerConfig(desired: DesiredConfig): Promise<AppliedConfig> {
  const { version } = desired;
  try {
    checkConfig(EdgeConfig, desired.config, 'desired configuration');
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { version, ok: false, faults: error.faults.map(({ path, message }) => ({ path, message })) };
  }
  const message = 'valid, but not applied: this node takes its configuration from its own file';
  return { version, ok: false, faults: [{ path: '', message }] };
}

export type OrderActions = {
  /** Reads the configuration anew and starts over with it; null = this process cannot. */
  readonly reload: (() => Promise<void>) | null;
  /** Everything that the hub refused goes to it again. */
  readonly resend: () => void;
};

export async function answerCommand(command: Command, { reload, resend }: OrderActions): Promise<Reply> {
  const { requestId } = command;
  if (command.command === 'resend') {
    resend();
    return { requestId, ok: true };
  }
  if (command.command !== 'reload' || !reload) {
    return { requestId, ok: false, code: 'EDGE_COMMAND', message: `${command.command} is not supported by this node` };
  }
  try {
    await reload();
    return { requestId, ok: true };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { requestId, ok: false, code: error.code, message: describeError(error).slice(0, 500) };
  }
}
