/** `kerbwatch check`: validates a configuration; all faults at once, with path and hint. */
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';

/** An edge has cameras or a node's name; a hub has neither. */
function isEdge(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('cameras' in value || 'node' in value || 'uplink' in value);
}

async function check(file: string, json: boolean): Promise<void> {
  const [{ checkConfig, readYaml }, { EdgeConfig }, { HubConfig }, { hubCalendar }, { readCalendar, endOfCalendar }] =
    await Promise.all([
      import('../../platform/load-config.ts'),
      import('../../edge/config.ts'),
      import('../../hub/config.ts'),
      import('../../hub/cases/settings.ts'),
      import('../../platform/calendar.ts'),
    ]);
  const value = await readYaml(file);
  const side = isEdge(value) ? 'edge' : 'hub';
  const written =
    side === 'edge' ? checkConfig(EdgeConfig, value, file).calendar : hubCalendar(checkConfig(HubConfig, value, file));
  const calendar = await readCalendar(written, dirname(resolve(file)));
  const ending = endOfCalendar(calendar, Date.now());
  if (json) {
    const warnings = ending ? [ending] : [];
    process.stdout.write(
      `${JSON.stringify({ ok: true, side, file, calendarKnownUntil: calendar.knownUntil ?? null, warnings })}\n`,
    );
    return;
  }
  process.stdout.write(`${file}: a valid ${side} configuration\n`);
  if (ending) process.stdout.write(`warning: ${ending}\n`);
}

export function registerCheck(program: Command): void {
  program
    .command('check')
    .description('validate an edge or hub configuration; every fault at once')
    .requiredOption('--config <file>', 'configuration (YAML)')
    .option('--json', 'print the result as JSON', false)
    .action((options: { config: string; json: boolean }) => check(options.config, options.json));
}
