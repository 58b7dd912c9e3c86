/** `kerbwatch doctor`: what this machine has and lacks. */
import type { Command } from 'commander';

const marks = { ok: 'ok     ', absent: 'absent ', missing: 'MISSING' } as const;

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('what this machine has and lacks: decoding, inference, broker, database, clock, disk')
    .option('--json', 'print JSON on stdout')
    .action(async (options: { json?: boolean }) => {
      const { lookAtMachine } = await import('../support/look-at-machine.ts');
      const findings = await lookAtMachine();
      if (options.json) process.stdout.write(`${JSON.stringify({ findings })}\n`);
      else {
        for (const { what, state, detail } of findings) {
          process.stdout.write(`${marks[state]} ${what.padEnd(18)} ${detail}\n`);
        }
      }
      if (findings.some((finding) => finding.state === 'missing')) process.exitCode = 1;
    });
}
