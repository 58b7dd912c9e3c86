/** `kerbwatch check`: validates a configuration; all faults at once, with path and hint. */
import type { Command } from 'commander';

/** An edge has cameras or a node's name; a hub has neither. */
function isEdge(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('cameras' in value || 'node' in value || 'uplink' in value);
}

async function check(file: string, json: boolean): Promise<void> {
  const [{ checkConfig, readYaml }, { EdgeConfig }, { HubConfig }] = await Promise.all([
    import('../../platform/load-config.ts'),
    import('../../edge/config.ts'),
    import('../../hub/config.ts'),
  ]);
  const value = await readYaml(file);
  const side = isEdge(value) ? 'edge' : 'hub';
  if (side === 'edge') checkConfig(EdgeConfig, value, file);
  else checkConfig(HubConfig, value, file);
  process.stdout.write(
    json ? `${JSON.stringify({ ok: true, side, file })}\n` : `${file}: a valid ${side} configuration\n`,
  );
}

export function registerCheck(program: Command): void {
  program
    .command('check')
    .description('validate an edge or hub configuration; every fault at once')
    .requiredOption('--config <file>', 'configuration (YAML)')
    .option('--json', 'print the result as JSON', false)
    .action((options: { config: string; json: boolean }) => check(options.config, options.json));
}
