/** `kerbwatch node`: registers boxes at a hub, lists them, cuts them off. */
import type { Command } from 'commander';
import type { HubLogin } from '../../hub/client/hub-client.ts';
import type { NewNode } from '../../hub/client/nodes.ts';
import { print } from '../support/print.ts';

type Login = {
  readonly hub: string;
  readonly user: string;
  readonly password?: string;
  readonly ca?: string;
  readonly json: boolean;
};

const api = () => import('../../hub/client/nodes.ts');

function loginOf({ hub, user, password, ca }: Login): HubLogin {
  const ask = async () => {
    if (password) return (await import('../../platform/secret.ts')).readSecret(password);
    return (await import('../support/ask-password.ts')).askPassword(`Password of ${user}: `);
  };
  return { hub, user, password: ask, ...(ca ? { ca } : {}) };
}

async function add(id: string, options: Login & NewNode): Promise<void> {
  const { addNode } = await api();
  const added = await addNode(loginOf(options), id, options);
  const once = `Its password, shown this once, belongs into the file that uplink.password of the box names (mode 0600):\n${added.password}\n`;
  print(options.json, added, `${id} is registered.\n${options.nodePassword ? '' : once}`);
}

async function list(options: Login): Promise<void> {
  const { describeNodes, listNodes } = await api();
  const nodes = await listNodes(loginOf(options));
  print(options.json, nodes, describeNodes(nodes));
}

async function setDisabled(id: string, options: Login, disabled: boolean): Promise<void> {
  const { setNodeDisabled } = await api();
  await setNodeDisabled(loginOf(options), id, disabled);
  const state = disabled ? 'disabled: it was cut off, and nothing is taken from it' : 'enabled';
  print(options.json, { id, done: true }, `${id} is ${state}.\n`);
}

async function remove(id: string, options: Login): Promise<void> {
  const { removeNode } = await api();
  await removeNode(loginOf(options), id);
  print(options.json, { id, done: true }, `${id} is removed; its events, cases and keys stay.\n`);
}

/** Adds the commands to the program. */
export function registerNode(program: Command): void {
  const node = program.command('node').description('edge nodes at a hub: register, list, cut off');
  const sub = (usage: string, description: string) =>
    node
      .command(usage)
      .description(description)
      .requiredOption('--hub <url>', 'address of the hub, e.g. https://hub.example:8443')
      .option('--user <name>', 'administrator who does it', 'admin')
      .option('--password <reference>', 'her password: file:/path or env:NAME (default: it is asked for)')
      .option('--ca <file>', 'certificate of the authority, where it is not a public one')
      .option('--json', 'print JSON on stdout', false)
      .exitOverride();
  sub('add <id>', 'register a box: its name, its public key, a password that is made and shown once')
    .requiredOption('--key <file>', 'its public key (`kerbwatch edge --config F --public-key`): a file, - or the key')
    .option('--node-password <reference>', 'password of the box: file:/path or env:NAME (default: one is made)')
    .option('--name-zh <text>', 'name for people, Chinese')
    .option('--name-en <text>', 'name for people, English')
    .option('--replace', 'the box is registered: give it this key and a new password', false)
    .action(add);
  sub('list', 'boxes with their state').action(list);
  sub('disable <id>', 'cut a box off, at once').action((id: string, options: Login) => setDisabled(id, options, true));
  sub('enable <id>', 'take a disabled box in again').action((id: string, options: Login) =>
    setDisabled(id, options, false),
  );
  sub('remove <id>', 'unregister a box; what it sent stays').action(remove);
}
