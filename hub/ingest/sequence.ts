/** A node's numbers: which are there, which are missing. Pure; gaps shrink and go as messages arrive late. */

export type Gap = { readonly from: number; readonly to: number };
export type Sequence = { readonly last: number; readonly gaps: readonly Gap[] };

function fill(gaps: readonly Gap[], seq: number): Gap[] {
  return gaps.flatMap((gap) => {
    if (seq < gap.from || seq > gap.to) return [gap];
    const left = { from: gap.from, to: seq - 1 };
    const right = { from: seq + 1, to: gap.to };
    return [left, right].filter((part) => part.from <= part.to);
  });
}

/** @param known the node's highest number so far (0 = none) and its gaps, at least those that `seqs` may fill */
export function advance(known: Sequence, seqs: readonly number[]): Sequence {
  let { last } = known;
  let gaps = [...known.gaps];
  for (const seq of [...seqs].sort((a, b) => a - b)) {
    if (seq <= last) gaps = fill(gaps, seq);
    else {
      if (seq > last + 1) gaps.push({ from: last + 1, to: seq - 1 });
      last = seq;
    }
  }
  return { last, gaps };
}
