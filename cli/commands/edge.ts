/** `kerbwatch edge`: runs one edge node until it is told to stop. */
import type { Command } from 'commander';
import { print } from '../support/print.ts';

type EdgeArguments = { readonly config: string; readonly publicKey?: boolean; readonly json: boolean };

async function edge({ config, publicKey, json }: EdgeArguments): Promise<void> {
  // Evidence, outbox and keys are for this user alone, whatever the unit or the shell says.
  process.umask(0o077);
  if (!publicKey) return (await import('../../edge/run-edge.ts')).runEdge(config);
  const { readOwnKey } = await import('../../edge/public-key.ts');
  const own = await readOwnKey(config);
  print(json, own, own.publicKey);
}

/** Adds the command to the program. */
export function registerEdge(program: Command): void {
  program
    .command('edge')
    .description('run one edge node: cameras, rules, evidence, uplink')
    .requiredOption('--config <file>', 'edge configuration (YAML)')
    .option('--public-key', 'print the node’s public key, for `kerbwatch node add`, and end; makes the key if need be')
    .option('--json', 'with --public-key: print JSON on stdout', false)
    .action(edge);
}
