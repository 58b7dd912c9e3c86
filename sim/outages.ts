/** When which nodes are away. Pure. */
import { createRandom } from './random.ts';

/** ms since the start of the run. */
export type Outage = { readonly node: number; readonly from: number; readonly to: number };

/** A cable serves a quarter of the nodes, and never none. */
const SHARE = 0.25;

/** @param times how often, spread over the run @param eachMs how long each lasts, ms; all end before the run does */
export function planOutages(nodes: number, times: number, eachMs: number, runMs: number, seed: string): Outage[] {
  const random = createRandom(`${seed} outages`);
  const lasts = Math.min(eachMs, runMs / 2);
  const count = Math.max(1, Math.round(nodes * SHARE));
  return Array.from({ length: times }).flatMap((_, i) => {
    const from = ((i + random()) / times) * (runMs - lasts);
    const first = Math.floor(random() * nodes);
    return Array.from({ length: count }, (_, n) => ({ node: (first + n) % nodes, from, to: from + lasts }));
  });
}

/** Whether a node is away at this moment of the run. */
export function isAway(outages: readonly Outage[], node: number, at: number): boolean {
  return outages.some((outage) => outage.node === node && outage.from <= at && at < outage.to);
}
