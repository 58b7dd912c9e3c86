/** A city's cameras, and which node carries which. Pure. */
import type { CameraKind } from '../contracts/camera-kind.ts';

/** How many cameras of each kind. */
export type FleetSize = Readonly<Record<CameraKind, number>>;

export type SimCamera = { readonly id: string; readonly kind: CameraKind; readonly node: string };
export type SimNode = { readonly id: string; readonly cameras: readonly SimCamera[] };

/** Quanzhou: 145 street cameras, 16 at heritage sites, docks of shared bikes, 80 gates of building sites. */
export const QUANZHOU: FleetSize = { street: 145, heritage: 16, bike: 30, gate: 80 };

/** A gate stands alone at its site; the others share a node of the street cabinet. */
const GATE_EACH = 4;
const kinds = Object.keys(QUANZHOU) as CameraKind[];

/** @param each cameras of one node @param prefix of all names */
export function layOut(size: FleetSize, each: number, prefix: string): SimNode[] {
  return kinds.flatMap((kind) => {
    const share = kind === 'gate' ? Math.min(GATE_EACH, each) : each;
    return Array.from({ length: Math.ceil(size[kind] / share) }, (_, n) => {
      const node = `${prefix}-${kind}-${String(n + 1).padStart(3, '0')}`;
      const cameras = Array.from({ length: Math.min(share, size[kind] - n * share) }, (_, i) => ({
        ...{ id: `${prefix}-${kind}-cam-${String(n * share + i + 1).padStart(4, '0')}`, kind, node },
      }));
      return { id: node, cameras };
    });
  });
}
