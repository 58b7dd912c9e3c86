/** `kerbwatch check`: validates a configuration and what it points at; all faults at once, with line, path and hint. */
import type { Command } from 'commander';

/** An edge has cameras or a node's name; a hub has neither. */
function isEdge(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('cameras' in value || 'node' in value || 'uplink' in value);
}

async function check(file: string, json: boolean): Promise<void> {
  const [{ readYaml }, { readEdgeConfig, readHubConfig, calendarNotes }] = await Promise.all([
    import('../../platform/read-yaml.ts'),
    import('../support/read-config.ts'),
  ]);
  const value = await readYaml(file);
  const side = isEdge(value) ? 'edge' : 'hub';
  const read = await (side === 'edge' ? readEdgeConfig(file, { value, sources: true }) : readHubConfig(file, value));
  const { knownUntil, notes: ending } = await calendarNotes(read, Date.now());
  const notes = [...read.notes, ...ending];
  if (json)
    process.stdout.write(`${JSON.stringify({ ok: true, side, file, calendarKnownUntil: knownUntil, notes })}\n`);
  else {
    process.stdout.write(`${file}: a valid ${side} configuration\n`);
    for (const { path, message, line } of notes)
      process.stdout.write(`  note: ${line === undefined ? '' : `line ${line}: `}${path}: ${message}\n`);
  }
}

export function registerCheck(program: Command): void {
  program
    .command('check')
    .description('validate an edge or hub configuration; every fault at once')
    .requiredOption('--config <file>', 'configuration (YAML)')
    .option('--json', 'print the result as JSON', false)
    .action((options: { config: string; json: boolean }) => check(options.config, options.json));
}
