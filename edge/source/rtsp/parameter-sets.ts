/** A stream's parameter sets as they are now, from its description or in band, and the format they make. */
import type { StreamFormat } from '../../domain/packet.ts';
import type { NalSyntax, SequenceFacts } from './syntax.ts';

/** A set is some dozen bytes; more than this, or more of them, is no stream of a camera. */
const MAX_BYTES = 4096;
const MAX_SETS = 64;
export const START_CODE = Buffer.from([0, 0, 0, 1]);

type Kept = { readonly type: number; readonly nal: Buffer; unit: number };

export type ParameterSets = {
  /** Takes a set's NAL unit (copied where it is new), seen in access unit number `unit`; 0 = the description. */
  readonly add: (bytes: Buffer, from: number, to: number, unit: number) => void;
  /** Decoding can begin: one of each needed type is known. */
  readonly complete: () => boolean;
  /** Whether access unit number `unit` brought every set that is known. */
  readonly allIn: (unit: number) => boolean;
  /** All of them in Annex B. */
  readonly annexB: () => Buffer;
  /** What the newest sequence set says. */
  readonly facts: () => SequenceFacts | null;
  /** A new object whenever a set has changed. */
  readonly format: () => StreamFormat;
};

/** One for a track. */
export function createParameterSets(syntax: NalSyntax): ParameterSets {
  const sets = new Map<number, Kept>();
  let facts: SequenceFacts | null = null;
  let joined: Buffer | null = null;
  let format: StreamFormat | null = null;

  function annexB(): Buffer {
    if (joined) return joined;
    const inOrder = [...sets.values()].sort((a, b) => a.type - b.type);
    joined = Buffer.concat(inOrder.flatMap(({ nal }) => [START_CODE, nal]));
    return joined;
  }

  function add(bytes: Buffer, from: number, to: number, unit: number): void {
    if (to - from <= syntax.headerBytes || to - from > MAX_BYTES) return;
    const type = syntax.typeOf(bytes[from] as number);
    for (const kept of sets.values()) {
      if (kept.type === type && kept.nal.compare(bytes, from, to) === 0) {
        kept.unit = unit;
        return;
      }
    }
    const nal = Buffer.from(bytes.subarray(from, to));
    const id = syntax.setId(type, nal);
    if (id === null) return;
    if (syntax.isSequence(type)) facts = syntax.sequenceFacts(nal);
    sets.set(type * 1024 + id, { type, nal, unit });
    if (sets.size > MAX_SETS) sets.delete(sets.keys().next().value as number);
    joined = null;
    format = null;
  }

  return {
    add,
    complete: () => syntax.needed.every((type) => [...sets.values()].some((kept) => kept.type === type)),
    allIn(unit) {
      for (const kept of sets.values()) if (kept.unit !== unit) return false;
      return true;
    },
    annexB,
    facts: () => facts,
    format() {
      format ??= {
        codec: syntax.codec,
        extradata: sets.size > 0 ? annexB() : null,
        width: facts?.width ?? 0,
        height: facts?.height ?? 0,
        pixelAspect: facts?.pixelAspect ?? null,
        rotation: 0,
      };
      return format;
    },
  };
}
