/** `kerbwatch doctor`: what this machine has and lacks. */
import type { Command } from 'commander';
import { print } from '../support/print.ts';

const marks = { ok: 'ok     ', absent: 'absent ', missing: 'MISSING' } as const;

async function doctor({ json }: { readonly json?: boolean }): Promise<void> {
  const { inspectMachine } = await import('../../platform/inspect-machine.ts');
  const findings = await inspectMachine();
  const words = findings.map(({ what, state, detail }) => `${marks[state]} ${what.padEnd(18)} ${detail}\n`);
  print(json, { findings }, words.join(''));
  if (findings.some(({ state }) => state === 'missing')) process.exitCode = 1;
}

/** Adds the command to the program. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('what this machine has and lacks: decoding, inference, broker, database, clock, disk')
    .option('--json', 'print JSON on stdout')
    .action(doctor);
}
