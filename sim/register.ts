/** The fleet made known to a hub, as an administrator would do it. */
import type { CameraBody, NodeBody } from '../contracts/api/registry.ts';
import { type HubLogin, openHub } from '../hub/client/hub-client.ts';
import type { SimNode } from './fleet.ts';

export type SimRegistration = { readonly node: SimNode; readonly publicKey: string; readonly password: string };

/** Registers nodes and cameras, or gives those that are known these keys. @throws HUB_UNREACHABLE, API_* */
export async function registerFleet(login: HubLogin, fleet: readonly SimRegistration[]): Promise<void> {
  const hub = await openHub(login);
  try {
    for (const { node, publicKey, password } of fleet) {
      const body: NodeBody = {
        id: node.id,
        publicKey,
        password,
        name: { zh: `模拟 ${node.id}`, en: `Simulated ${node.id}` },
      };
      await hub.call('PUT', '/nodes', body);
      for (const { id, kind } of node.cameras) {
        const camera: CameraBody = {
          id,
          node: node.id,
          kind,
          name: { zh: `模拟 ${id}`, en: `Simulated ${id}` },
          location: null,
          zones: [],
        };
        await hub.call('PUT', '/cameras', camera);
      }
    }
  } finally {
    await hub.close().catch(() => {});
  }
}
