/** `kerbwatch outbox`: what the hub refused, and sending it again; beside a running node or without one. */
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';

async function outboxFile(configFile: string): Promise<string> {
  const [{ EdgeConfig }, { loadConfig }] = await Promise.all([
    import('../../edge/config.ts'),
    import('../../platform/load-config.ts'),
  ]);
  const config = await loadConfig(EdgeConfig, configFile);
  return join(resolve(dirname(resolve(configFile)), config.dataDir), 'outbox.db');
}

type Options = { readonly config: string; readonly json: boolean };

async function list({ config, json }: Options): Promise<void> {
  const [{ listRefused }, { timestamp }, { printableLine }] = await Promise.all([
    import('../../edge/outbox/inspect.ts'),
    import('../../platform/clock.ts'),
    import('../../platform/hidden-text.ts'),
  ]);
  const rows = listRefused(await outboxFile(config));
  for (const { refusedAt, lastAt, nextAt, ...row } of rows) {
    const times = { refusedAt: timestamp(refusedAt), lastAt: timestamp(lastAt), nextAt: timestamp(nextAt) };
    process.stdout.write(
      json
        ? `${JSON.stringify({ ...row, ...times })}\n`
        : `${row.seq}  ${row.id} rev ${row.rev}  refused ${row.tries}×, last ${times.lastAt}\n  ${printableLine(row.reason)}\n`,
    );
  }
  if (!json) process.stdout.write(rows.length === 0 ? 'nothing was refused\n' : `${rows.length} refused\n`);
}

async function resend({ config, json }: Options): Promise<void> {
  const { askToResend } = await import('../../edge/outbox/inspect.ts');
  const count = askToResend(await outboxFile(config));
  process.stdout.write(json ? `${JSON.stringify({ resending: count })}\n` : `${count} go to the hub again\n`);
}

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
    .description('send all of them again now, once the cause is mended')
    .requiredOption('--config <file>', 'edge configuration (YAML)')
    .option('--json', 'print the result as JSON', false)
    .action(resend);
}
