// Plans are pure: the same kind and seed give the same plan, and each kind has in it what its name says.
import { describe, expect, it } from 'vitest';
import { planClip, planFrame, sceneKinds } from './plan.ts';
import { shippedClips } from './shipped.ts';
import type { TruckPass } from './types.ts';

const seeds = Array.from({ length: 40 }, (_, i) => i + 1);
const violates = (pass: TruckPass) =>
  pass.direction === 'outbound' && pass.load === 'loaded' && pass.cover === 'uncovered';

describe('planClip', () => {
  it.each(sceneKinds)('%s: the same seed gives the same plan', (kind) => {
    for (const seed of seeds) expect(planClip(kind, seed)).toEqual(planClip(kind, seed));
  });

  it('muck-truck has exactly one truck that leaves loaded and uncovered', () => {
    for (const seed of seeds) {
      const passes = planClip('muck-truck', seed).options?.passes ?? [];
      expect(passes.filter(violates)).toHaveLength(1);
    }
  });

  it('none has nothing to report in any world', () => {
    for (const seed of seeds) {
      const { options } = planClip('none', seed);
      expect(options?.stalls ?? 0).toBe(0);
      expect(options?.left ?? 0).toBeLessThan(8);
      expect((options?.passes ?? []).some(violates)).toBe(false);
    }
  });

  it('road-stall and bike-clutter bring stalls and enough bikes', () => {
    for (const seed of seeds) {
      expect(planClip('road-stall', seed).options?.stalls).toBeGreaterThan(0);
      expect(planClip('bike-clutter', seed).options?.left).toBeGreaterThanOrEqual(9);
    }
  });
});

describe('planFrame', () => {
  it('never draws a shipped clip again', () => {
    const shipped = new Set(shippedClips.map((clip) => clip.spec.seed));
    for (const seed of seeds) expect(shipped.has(planFrame(100000 + seed).spec.seed)).toBe(false);
  });
});
