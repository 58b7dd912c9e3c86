/** What must hold of a stream however it was disturbed. */
import type { Account } from './hour.ts';

/** Seen again within so long after the stream could be had, ms; a host that is replaced reads its model first. */
const BACK_MS = 3000;
const HOSTS = /^host /;

/** The part of an account that nothing may change; use with `toMatchObject`. */
export function whole({ gate, street }: Account) {
  return {
    gate: { found: gate.sent, lost: [], doubled: [], madeUp: [], open: 0, kinds: ['muck-truck uncovered'] },
    street: { found: street.sent, lost: [], doubled: [], madeUp: [], kinds: ['road-stall'] },
    calmEvents: 0,
    messages: { missing: [], refused: 0, filesMissing: 0 },
    calm: { damaged: 0, reconnects: 0, beyondRevisit: 0 },
    troubles: [],
  };
}

/** Faults after which a camera took too long to be seen again. */
export function slowReturns({ recoveries }: Account): string[] {
  return recoveries
    .filter(({ kind, gate, street }) => !HOSTS.test(kind) && Math.max(gate.max, street.max) >= BACK_MS)
    .map(({ kind, gate, street }) => `${kind}: ${gate.max} and ${street.max} ms`);
}
