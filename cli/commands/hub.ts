/** `kerbwatch hub`: runs the hub until it is told to stop, or makes its first administrator; its data's upkeep below it. */
import type { Command } from 'commander';
import { askPassword } from '../support/ask-password.ts';
import { registerHubUpkeep } from './hub-upkeep.ts';

type HubArguments = { readonly config: string; readonly createAdmin?: string; readonly renewRoot?: boolean };

async function hub({ config, createAdmin: admin, renewRoot: renew }: HubArguments): Promise<void> {
  // Database, evidence and keys are for this user alone, whatever the unit or the shell says.
  process.umask(0o077);
  const { createAdmin, renewRoot, runHub } = await import('../../hub/run-hub.ts');
  if (renew) {
    process.stderr.write(`root of trust from now on: ${await renewRoot(config)}\n`);
  } else if (admin !== undefined) {
    await createAdmin(config, admin, () => askPassword(`Password of ${admin}: `));
    process.stderr.write(`administrator ${admin} is ready\n`);
  } else await runHub(config);
}

/** Adds the command to the program. */
export function registerHub(program: Command): void {
  const command = program
    .command('hub')
    .description('run the hub: broker, ingest, cases, API and console')
    .requiredOption('--config <file>', 'hub configuration (YAML)')
    .option('--create-admin <name>', 'make an administrator (the password is asked for) and end')
    .option('--renew-root', 'begin a new root of trust where every copy of the root key is lost, and end')
    .action(hub);
  registerHubUpkeep(command);
}
