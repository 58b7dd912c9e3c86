/** Which connections belong to which node. */
import type { Client } from 'aedes';

export type NodeConnections = ReturnType<typeof createNodeConnections>;

/** Counted from the moment at which a connection names its node, before its password is checked. */
export function createNodeConnections() {
  const byNode = new Map<string, Set<Client>>();
  const names = new WeakMap<Client, string>();
  function remove(node: string, client: Client): void {
    const own = byNode.get(node);
    own?.delete(client);
    if (own?.size === 0) byNode.delete(node);
  }
  return {
    add(node: string, client: Client): void {
      names.set(client, node);
      const own = byNode.get(node);
      if (own) own.add(client);
      else byNode.set(node, new Set([client]));
    },
    has: (node: string, client: Client): boolean => byNode.get(node)?.has(client) ?? false,
    remove,
    forget(client: Client): void {
      const node = names.get(client);
      if (node !== undefined) remove(node, client);
    },
    end(node: string): Client[] {
      const own = [...(byNode.get(node) ?? [])];
      byNode.delete(node);
      return own;
    },
  };
}
