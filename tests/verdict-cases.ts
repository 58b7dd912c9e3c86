/** Verdicts made up for tests, each as the hub exports it. */
import type { Verdict, VerdictHeader } from '../contracts/verdicts.ts';

const hex = (n: number) => n.toString(16).padStart(12, '0');

/** One decided case of a stall in one box. */
export function verdictOf(n: number, score: number, more: Partial<Verdict> = {}): Verdict {
  const at = new Date(Date.UTC(2026, 0, 1) + n * 3_600_000).toISOString();
  return {
    ...{
      type: 'verdict',
      case: `0194d6f4-0000-7000-8000-${hex(n)}`,
      number: `350503202601${String(n).padStart(7, '0')}`,
    },
    ...{
      node: 'edge-01',
      camera: 'street-01',
      zone: 'pavement',
      kind: 'road-stall',
      verdict: 'confirmed',
      reason: null,
    },
    ...{ decidedAt: at, startedAt: at, sightings: 1, score },
    model: { name: 'kerb-s', version: '1', sha256: 'a'.repeat(64) },
    objects: [{ track: n, class: 'stall', score, box: [0.2, 0.3, 0.1, 0.2] }],
    stills: [],
    ...more,
  };
}

export const verdictHeader: VerdictHeader = {
  ...{ type: 'header', format: 'kerbwatch-verdicts', v: 1, exportedAt: '2026-02-01T00:00:00.000Z' },
  ...{ exportedBy: 'supervisor', camera: null, from: null, to: null },
};

/** The file of these verdicts. */
export function verdictText(verdicts: readonly Verdict[]): string {
  const lines = [verdictHeader, ...verdicts, { type: 'end', verdicts: verdicts.length }];
  return `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`;
}

/** So many right ones and wrong ones, each score in the middle of a spread around its own. */
export function street(right: number, wrong: number, at = { right: 0.8, wrong: 0.55, spread: 0.12 }): Verdict[] {
  const around = (middle: number, i: number) => middle + at.spread * (((i * 37) % 101) / 50 - 1);
  return [
    ...Array.from({ length: right }, (_, i) => verdictOf(i, around(at.right, i))),
    ...Array.from({ length: wrong }, (_, i) =>
      verdictOf(100_000 + i, around(at.wrong, i), { verdict: 'rejected', reason: 'wrong-class' }),
    ),
  ];
}
