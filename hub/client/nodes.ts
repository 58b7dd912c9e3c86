/** What an administrator does about nodes through the API of a hub: register, list, cut off. */
import { randomBytes } from 'node:crypto';
import { NodeBody, type NodeView } from '../../contracts/api/registry.ts';
import { AppError } from '../../platform/app-error.ts';
import { printableText } from '../../platform/hidden-text.ts';
import { readSecret } from '../../platform/secret.ts';
import { faultsOf } from '../../platform/validate.ts';
import { type HubClient, type HubLogin, openHub } from './hub-client.ts';
import { readNodeKey } from './node-key.ts';

async function atHub<T>(login: HubLogin, work: (hub: HubClient) => Promise<T>): Promise<T> {
  const hub = await openHub(login);
  try {
    return await work(hub);
  } finally {
    await hub.close().catch(() => {});
  }
}

async function nodeOf(hub: HubClient, id: string): Promise<NodeView | null> {
  return (await hub.call<NodeView[]>('GET', '/nodes')).find((node) => node.id === id) ?? null;
}

export type NewNode = {
  /** A file, `-` for the standard input, or the key itself. */
  readonly key: string;
  /** `file:` or `env:`; default: a password is made. */
  readonly nodePassword?: string;
  readonly nameZh?: string;
  readonly nameEn?: string;
  /** A node that is registered gets this key and a new password. */
  readonly replace: boolean;
};

async function bodyOf(id: string, { key, nodePassword, nameZh: zh, nameEn: en }: NewNode): Promise<NodeBody> {
  const publicKey = await readNodeKey(key);
  const password = nodePassword ? await readSecret(nodePassword) : randomBytes(24).toString('base64url');
  const name = zh || en ? { name: { zh: zh ?? en ?? id, en: en ?? zh ?? id } } : {};
  const body: NodeBody = { id, publicKey, password, ...name };
  const faults = faultsOf(NodeBody, body);
  if (faults.length > 0) throw new AppError('API_VALIDATION', id, { faults });
  return body;
}

/** Registers a node. @returns what was sent, its password too. @throws API_CONFLICT, API_VALIDATION, CFG_KEY, HUB_UNREACHABLE */
export async function addNode(login: HubLogin, id: string, node: NewNode) {
  const body = await bodyOf(id, node);
  await atHub(login, async (hub) => {
    const known = await nodeOf(hub, id);
    if (known && !node.replace) {
      const key = known.publicKey.trim() === body.publicKey.trim() ? 'with this key' : 'with another key';
      throw new AppError(
        'API_CONFLICT',
        `node ${id} is registered ${key}; --replace gives it this key and a new password`,
      );
    }
    await hub.call('PUT', '/nodes', { ...(known?.name && !body.name ? { name: known.name } : {}), ...body });
  });
  return { id, publicKey: body.publicKey, password: body.password };
}

/** @throws HUB_UNREACHABLE, API_* */
export function listNodes(login: HubLogin): Promise<NodeView[]> {
  return atHub(login, (hub) => hub.call<NodeView[]>('GET', '/nodes'));
}

/** A node that is disabled is cut off at once. @throws API_NOT_FOUND, HUB_UNREACHABLE */
export function setNodeDisabled(login: HubLogin, id: string, disabled: boolean): Promise<void> {
  return atHub(login, async (hub) => {
    const node = await nodeOf(hub, id);
    if (!node) throw new AppError('API_NOT_FOUND', `node ${id}`);
    const name = node.name ? { name: node.name } : {};
    await hub.call('PUT', '/nodes', { id, publicKey: node.publicKey, disabled, ...name });
  });
}

/** Unregisters a node; what it sent stays. @throws API_NOT_FOUND, HUB_UNREACHABLE */
export function removeNode(login: HubLogin, id: string): Promise<void> {
  return atHub(login, (hub) => hub.call('DELETE', `/nodes/${encodeURIComponent(id)}`));
}

/** One line a node, for a terminal. */
export function describeNodes(nodes: readonly NodeView[]): string {
  if (nodes.length === 0) return 'no node is registered\n';
  const lines = nodes.map(({ id, disabled, status, lastSeq, missing, lastEventAt, name }) => {
    const state = disabled ? 'disabled' : (status?.state ?? 'never seen');
    const gaps = missing.length > 0 ? `${missing.length} gaps` : '';
    const cells = [id.padEnd(24), state.padEnd(11), `seq ${lastSeq}`.padEnd(12), (lastEventAt ?? '').padEnd(24)];
    const line = [...cells, gaps, name?.en ?? ''].join(' ').trimEnd();
    return `${printableText(line).replaceAll(/[\r\n]+/g, ' ')}\n`;
  });
  return lines.join('');
}
