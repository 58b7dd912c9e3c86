/** Event ids are names: made from what the event is about, so that a replay or a restart makes the same one. */
import { v5 as nameBasedUuid } from 'uuid';

/** Namespace of Kerbwatch events; fixed for ever. */
const NAMESPACE = '6f1d3c1e-8a0b-5d0e-9f57-2b1c6a9e4d11';

/** UUID version 5 (RFC 9562 §5.5) of node, camera, zone, kind and the finding's key. */
export function eventId(node: string, camera: string, zone: string, kind: string, key: string): string {
  return nameBasedUuid([node, camera, zone, kind, key].join('\n'), NAMESPACE);
}
