/** `kerbwatch <command>`: parses, runs one command, and turns errors into one clear line and an exit code. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { AppError, describeError } from '../platform/app-error.ts';
import { printableText } from '../platform/hidden-text.ts';
import { packageRoot } from '../platform/paths.ts';
import { commands } from './commands/index.ts';

const DONE = 0;
const FAILED = 1;
const USAGE = 2;
/** Codes, beside those of a configuration, of what was asked for wrongly. */
const misused: ReadonlySet<string> = new Set(['VERIFY_INPUT', 'VERIFY_TRUST']);

function version(): string {
  const text = readFileSync(join(packageRoot(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function exitCode(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : USAGE;
  return error instanceof AppError && (error.code.startsWith('CFG_') || misused.has(error.code)) ? USAGE : FAILED;
}

async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('kerbwatch')
    .description('Watches the kerb for a city: from a camera to a confirmed case.')
    .version(version())
    .showHelpAfterError('(add --help for the options)')
    .exitOverride();
  for (const register of commands) register(program);
  // Sub-commands take the settings that the program has when they are made, so each is set again.
  for (const command of program.commands) command.exitOverride();
  try {
    await program.parseAsync(argv);
    return typeof process.exitCode === 'number' ? process.exitCode : DONE;
  } catch (error) {
    if (!(error instanceof CommanderError))
      // A file's name, a hub's answer or a message may hold what a stranger wrote.
      process.stderr.write(`kerbwatch: ${printableText(describeError(error))}\n`);
    if (!(error instanceof AppError) && !(error instanceof CommanderError) && process.env.KERBWATCH_LOG === 'debug') {
      process.stderr.write(`${error instanceof Error ? error.stack : ''}\n`);
    }
    return exitCode(error);
  }
}

/** Who reads no further (`| head`) has what he wanted; a result that cannot be written is one clear line. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? DONE);
  const fault = new AppError('CLI_WRITE', `standard output: ${error.message}`, { cause: error });
  process.stderr.write(`kerbwatch: ${describeError(fault)}\n`);
  process.exit(FAILED);
});
/** Progress and faults that nobody reads change nothing about the result and the exit code. */
process.stderr.on('error', () => {});

process.exitCode = await main(process.argv);
