/** Identifiers on the wire: short, lower case, safe in a topic, a path and a file name. */
import { type Static, Type } from '@sinclair/typebox';

const SLUG = '^[a-z0-9][a-z0-9._-]{0,62}$';

export const NodeId = Type.String({ pattern: SLUG, description: 'Edge node, e.g. fz-edge-01' });
export type NodeId = Static<typeof NodeId>;

export const CameraId = Type.String({ pattern: SLUG, description: 'Camera, unique in the fleet' });
export type CameraId = Static<typeof CameraId>;

export const ZoneId = Type.String({ pattern: SLUG, description: 'Zone, unique within its camera' });
export type ZoneId = Static<typeof ZoneId>;

export const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256, lower-case hex' });
export type Sha256 = Static<typeof Sha256>;

export const Uuid = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
  description: 'UUID (RFC 9562), lower case',
});
export type Uuid = Static<typeof Uuid>;
