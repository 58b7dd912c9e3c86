/** `kerbwatch check`: validates a configuration and what it points at; all faults at once, with line, path and hint. */
import type { Command } from 'commander';
import { print } from '../support/print.ts';

async function check({ config: file, json }: { readonly config: string; readonly json: boolean }): Promise<void> {
  const { checkConfigFile } = await import('../support/check-config.ts');
  const { side, calendarKnownUntil, notes } = await checkConfigFile(file, Date.now());
  const words = notes.map(
    ({ path, message, line }) => `  note: ${line === undefined ? '' : `line ${line}: `}${path}: ${message}\n`,
  );
  print(
    json,
    { ok: true, side, file, calendarKnownUntil, notes },
    [`${file}: a valid ${side} configuration\n`, ...words].join(''),
  );
}

/** Adds the command to the program. */
export function registerCheck(program: Command): void {
  program
    .command('check')
    .description('validate an edge or hub configuration; every fault at once')
    .requiredOption('--config <file>', 'configuration (YAML)')
    .option('--json', 'print the result as JSON', false)
    .action(check);
}
