/** Which host runs which camera: about the same work for each, and the same answer each time. Pure. */
import type { CameraConfig } from '../config.ts';

/** What is decoded whole costs its stream's rate, which nobody knows before it comes; a keyframe camera two pictures a second at most. */
const KEYFRAMES = 1;
const WHOLE_STREAM = 8;
/** One inference: the model's input and the model. */
const INFERENCE = 1.5;
/** Trucks are analysed in detail, with clips. */
const GATE = 1.5;
const CADENCE = 5;

/** Expected work, in keyframe cameras. */
export function loadOf({ kind, source }: Pick<CameraConfig, 'kind' | 'source'>): number {
  const cadence = source.cadence ?? CADENCE;
  if (cadence === 'keyframes') return KEYFRAMES;
  return (WHOLE_STREAM + INFERENCE * cadence) * (kind === 'gate' ? GATE : 1);
}

export type Loaded = { readonly id: string; readonly load: number };

/** The heaviest first, each to whoever has least; a host never has none while another has two. */
export function spread(cameras: readonly Loaded[], hosts: number): string[][] {
  const groups = Array.from({ length: Math.min(hosts, cameras.length) }, () => ({ load: 0, ids: [] as string[] }));
  const heaviestFirst = [...cameras].sort((a, b) => b.load - a.load || (a.id < b.id ? -1 : 1));
  for (const { id, load } of heaviestFirst) {
    const [least, ...others] = groups;
    if (!least) break;
    const place = others.reduce((best, group) => (lighter(group, best) ? group : best), least);
    place.load += load;
    place.ids.push(id);
  }
  return groups.map(({ ids }) => ids);
}

function lighter(a: { load: number; ids: readonly string[] }, b: { load: number; ids: readonly string[] }): boolean {
  return a.load < b.load || (a.load === b.load && a.ids.length < b.ids.length);
}
