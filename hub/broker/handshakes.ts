/** Connections that have not logged in yet, by address: one address that opens ports and says nothing fills no memory. */
import { sourceOf } from '../client-address.ts';

export type Handshakes = {
  /** @returns what to call once it is logged in or gone, as often as one likes; null where there are too many */
  begin(address: string): (() => void) | null;
};

/** @param most connections of one address that may be without a log-in at a time */
export function createHandshakes(most: number): Handshakes {
  const open = new Map<string, number>();
  return {
    begin(address) {
      const source = sourceOf(address);
      const count = open.get(source) ?? 0;
      if (count >= most) return null;
      open.set(source, count + 1);
      let over = false;
      return () => {
        if (over) return;
        over = true;
        const left = (open.get(source) ?? 1) - 1;
        if (left === 0) open.delete(source);
        else open.set(source, left);
      };
    },
  };
}
