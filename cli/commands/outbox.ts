/** `kerbwatch outbox`: what the hub refused, and sending it again; beside a running node or without one. */
import type { Command } from 'commander';
import { print } from '../support/print.ts';

type OutboxArguments = { readonly config: string; readonly json: boolean };

async function list({ config, json }: OutboxArguments): Promise<void> {
  const { describeRefused, refusedMessages } = await import('../../edge/refused-messages.ts');
  const rows = await refusedMessages(config);
  for (const row of rows) print(json, row, describeRefused(row));
  if (!json) print(false, rows, rows.length === 0 ? 'nothing was refused\n' : `${rows.length} refused\n`);
}

async function resend({ config, json }: OutboxArguments): Promise<void> {
  const { resendRefused } = await import('../../edge/refused-messages.ts');
  const resending = await resendRefused(config);
  print(json, { resending }, `${resending} go to the hub again\n`);
}

/** Adds the commands to the program. */
export function registerOutbox(program: Command): void {
  const outbox = program.command('outbox').description('messages of this node that the hub refused');
  outbox
    .command('list')
    .description('each with its reason, and what to do about it')
    .requiredOption('--config <file>', 'edge configuration (YAML)')
    .option('--json', 'one JSON object a line', false)
    .action(list);
  outbox
    .command('resend')
    .description('send all of them again now, once the cause is removed')
    .requiredOption('--config <file>', 'edge configuration (YAML)')
    .option('--json', 'print the result as JSON', false)
    .action(resend);
}
