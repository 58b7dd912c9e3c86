/** What this version of the node does with the hub's orders, and what it says it does not. */
import type { TSchema } from '@sinclair/typebox';
import type { MemoryCommand, MemoryMap } from '../../contracts/camera-memory.ts';
import type { AppliedConfig, Command, DesiredConfig, Reply } from '../../contracts/command.ts';
import { AppError, describeError } from '../../platform/app-error.ts';
import { checkConfig } from '../../platform/load-config.ts';

/**
 * Checks a desired configuration whole. The node runs only what stands in its own file, and says so.
 *
 * @param schema of the node's configuration
 */
export async function checkDesired(schema: TSchema, desired: DesiredConfig): Promise<AppliedConfig> {
  const { version } = desired;
  try {
    checkConfig(schema, desired.config, 'desired configuration');
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { version, ok: false, faults: error.faults.map(({ path, message }) => ({ path, message })) };
  }
  const message = 'valid, but not applied: this node takes its configuration from its own file';
  return { version, ok: false, faults: [{ path: '', message }] };
}

/** What the commands act on. */
export type CommandTools = {
  /** Reads the configuration anew and starts over with it; null = this process cannot. */
  readonly reload: (() => Promise<void>) | null;
  /** Everything that the hub refused goes to it again. */
  readonly resend: () => void;
  /** Marks files as not delivered. Returns those that are still here. */
  readonly deliverAgain: (hashes: readonly string[]) => readonly string[];
  /** Does as ordered to what a camera remembers; left out = this process has no cameras. */
  readonly memory?: (order: MemoryCommand) => Promise<MemoryMap>;
};

function memoryOrderOf(command: Command): MemoryCommand | null {
  return /^memory-|^verdict$/.test(command.command) ? (command as MemoryCommand) : null;
}

type Answer = Pick<Reply, 'message' | 'memory'>;

async function perform(command: Command, { reload, resend, deliverAgain, memory }: CommandTools): Promise<Answer> {
  const order = memoryOrderOf(command);
  if (order && memory) return { memory: await memory(order) };
  if (command.command === 'resend') {
    resend();
    return {};
  }
  if (command.command === 'evidence') {
    const held = deliverAgain(command.sha256).length;
    if (held === 0) throw new AppError('EDGE_EVIDENCE', 'none of these files is here any more');
    return { message: `${held} of ${command.sha256.length} files are sent again` };
  }
  if (command.command !== 'reload' || !reload)
    throw new AppError('EDGE_COMMAND', `${command.command} is not supported by this node`);
  await reload();
  return {};
}

/** Does what a command asks; a fault of the catalogue is the answer, any other is thrown. */
export async function carryOut(command: Command, tools: CommandTools): Promise<Reply> {
  const { requestId } = command;
  try {
    return { requestId, ok: true, ...(await perform(command, tools)) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { requestId, ok: false, code: error.code, message: describeError(error).slice(0, 500) };
  }
}
