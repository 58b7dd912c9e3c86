/** `kerbwatch node`: registers boxes at a hub, lists them, cuts them off. */
import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import type { NodeBody, NodeView } from '../../contracts/api/registry.ts';
import type { HubClient } from '../support/hub-client.ts';

type Common = {
  readonly hub: string;
  readonly user: string;
  readonly password?: string;
  readonly ca?: string;
  readonly json: boolean;
};
type Add = Common & {
  readonly key: string;
  readonly nodePassword?: string;
  readonly nameZh?: string;
  readonly nameEn?: string;
  readonly replace: boolean;
};

async function atHub<T>(options: Common, work: (hub: HubClient) => Promise<T>): Promise<T> {
  const [{ openHub }, { askPassword }, { readSecret }] = await Promise.all([
    import('../support/hub-client.ts'),
    import('../support/ask-password.ts'),
    import('../../platform/secret.ts'),
  ]);
  const { hub: address, user, ca } = options;
  const password = async () =>
    options.password ? await readSecret(options.password) : await askPassword(`Password of ${user}: `);
  const hub = await openHub({ hub: address, user, password, ...(ca ? { ca } : {}) });
  try {
    return await work(hub);
  } finally {
    await hub.close().catch(() => {});
  }
}

async function nodeOf(hub: HubClient, id: string): Promise<NodeView | null> {
  return (await hub.call<NodeView[]>('GET', '/nodes')).find((node) => node.id === id) ?? null;
}

async function add(id: string, options: Add): Promise<void> {
  const [{ readNodeKey }, { readSecret }, { AppError }, { NodeBody: Body }, { faultsOf }] = await Promise.all([
    import('../support/node-key.ts'),
    import('../../platform/secret.ts'),
    import('../../platform/app-error.ts'),
    import('../../contracts/api/registry.ts'),
    import('../../platform/validate.ts'),
  ]);
  const publicKey = await readNodeKey(options.key);
  const given = options.nodePassword ? await readSecret(options.nodePassword) : null;
  const password = given ?? randomBytes(24).toString('base64url');
  const { nameZh: zh, nameEn: en } = options;
  const name = zh || en ? { name: { zh: zh ?? en ?? id, en: en ?? zh ?? id } } : {};
  const body: NodeBody = { id, publicKey, password, ...name };
  const faults = faultsOf(Body, body);
  if (faults.length > 0) throw new AppError('API_VALIDATION', id, { faults });
  await atHub(options, async (hub) => {
    const known = await nodeOf(hub, id);
    if (known && !options.replace) {
      const key = known.publicKey.trim() === publicKey.trim() ? 'with this key' : 'with another key';
      throw new AppError(
        'API_CONFLICT',
        `node ${id} is registered ${key}; --replace gives it this key and a new password`,
      );
    }
    await hub.call('PUT', '/nodes', { ...(known?.name && !body.name ? { name: known.name } : {}), ...body });
  });
  if (options.json) return void process.stdout.write(`${JSON.stringify({ id, publicKey, password })}\n`);
  process.stdout.write(`${id} is registered.\n`);
  if (given === null)
    process.stdout.write(
      `Its password, shown this once, belongs into the file that uplink.password of the box names (mode 0600):\n${password}\n`,
    );
}

async function list(options: Common): Promise<void> {
  const nodes = await atHub(options, (hub) => hub.call<NodeView[]>('GET', '/nodes'));
  if (options.json) return void process.stdout.write(`${JSON.stringify(nodes)}\n`);
  const { printableText } = await import('../../platform/hidden-text.ts');
  if (nodes.length === 0) process.stdout.write('no node is registered\n');
  for (const { id, disabled, status, lastSeq, missing, lastEventAt, name } of nodes) {
    const state = disabled ? 'disabled' : (status?.state ?? 'never seen');
    const gaps = missing.length > 0 ? `${missing.length} gaps` : '';
    const cells = [id.padEnd(24), state.padEnd(11), `seq ${lastSeq}`.padEnd(12), (lastEventAt ?? '').padEnd(24)];
    const line = [...cells, gaps, name?.en ?? ''].join(' ').trimEnd();
    process.stdout.write(`${printableText(line).replaceAll(/[\r\n]+/g, ' ')}\n`);
  }
}

async function setDisabled(id: string, options: Common, disabled: boolean): Promise<void> {
  const { AppError } = await import('../../platform/app-error.ts');
  await atHub(options, async (hub) => {
    const node = await nodeOf(hub, id);
    if (!node) throw new AppError('API_NOT_FOUND', `node ${id}`);
    const name = node.name ? { name: node.name } : {};
    await hub.call('PUT', '/nodes', { id, publicKey: node.publicKey, disabled, ...name });
  });
  say(options, id, disabled ? 'disabled: it was cut off, and nothing is taken from it' : 'enabled');
}

async function remove(id: string, options: Common): Promise<void> {
  await atHub(options, (hub) => hub.call('DELETE', `/nodes/${encodeURIComponent(id)}`));
  say(options, id, 'removed; its events, cases and keys stay');
}

function say({ json }: Common, id: string, what: string): void {
  process.stdout.write(json ? `${JSON.stringify({ id, done: true })}\n` : `${id} is ${what}.\n`);
}

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
  sub('disable <id>', 'cut a box off, at once').action((id: string, options: Common) => setDisabled(id, options, true));
  sub('enable <id>', 'take a disabled box in again').action((id: string, options: Common) =>
    setDisabled(id, options, false),
  );
  sub('remove <id>', 'unregister a box; what it sent stays').action(remove);
}
