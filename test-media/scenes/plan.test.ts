/** Plans are pure: the same kind and seed give the same plan, each kind has in it what its name says, and few clips cover much. */
import { describe, expect, it } from 'vitest';
import { lawfulScenes } from './lawful.ts';
import { describeScene, planClip, planEncoding, planFrame, rained, relit, sceneKinds } from './plan.ts';
import { shippedClips } from './shipped.ts';
import type { SceneKind, SceneSpec, StoryOptions, TruckPass } from './types.ts';

const seeds = Array.from({ length: 240 }, (_, i) => 5000 + i);
const optionsOf = (spec: SceneSpec): StoryOptions => {
  if (!spec.options) throw new Error('a planned clip has options');
  return spec.options;
};
const plans = (kind: SceneKind) => seeds.map((seed) => optionsOf(planClip(kind, seed)));

function violates(pass: TruckPass, washBox = false): boolean {
  const uncovered = pass.load === 'loaded' && pass.cover === 'uncovered';
  const unwashed = washBox && pass.washed !== true;
  return pass.direction === 'outbound' && pass.vehicle !== 'lorry' && (uncovered || pass.spill === true || unwashed);
}

describe('planClip', () => {
  it.each(sceneKinds)('%s: the same seed gives the same plan, another seed another', (kind) => {
    for (const seed of seeds) expect(planClip(kind, seed)).toEqual(planClip(kind, seed));
    const different = new Set(seeds.map((seed) => JSON.stringify(optionsOf(planClip(kind, seed)))));
    expect(different.size).toBeGreaterThan(seeds.length / 3);
  });

  it('road-stall brings at least one stall more than the permit allows', () => {
    for (const { stalls = 0, shopGoods, permit } of plans('road-stall')) {
      expect(permit).not.toBe('open');
      expect(stalls + (shopGoods ? 1 : 0)).toBeGreaterThan(permit === 'over' ? 1 : 0);
    }
  });

  it('bike-clutter is well above its threshold, on the pavement or in the bay', () => {
    for (const { place, left = 0, inBay = 0, capacity = 8 } of plans('bike-clutter')) {
      if (place !== 'pavement') expect(left).toBeGreaterThanOrEqual(5);
      else if (left < 8) expect(inBay).toBeGreaterThan(capacity * 1.5);
      else expect(left).toBeGreaterThanOrEqual(11);
    }
  });

  it('muck-truck has at least one truck that leaves uncovered, spilling or unwashed', () => {
    for (const { passes = [], washBox } of plans('muck-truck')) {
      expect(passes.some((pass) => violates(pass, washBox))).toBe(true);
    }
  });

  it('none has nothing to report in any world', () => {
    for (const { stalls = 0, shopGoods, permit, place, left = 0, inBay = 0, capacity = 8, ...rest } of plans('none')) {
      expect(shopGoods ?? false).toBe(false);
      if (stalls > 0) expect(permit).toBe('open');
      expect(left).toBeLessThanOrEqual(place === 'pavement' || place === undefined ? 4 : 1);
      expect(inBay).toBeLessThanOrEqual(capacity);
      expect((rest.passes ?? []).some((pass) => violates(pass, rest.washBox))).toBe(false);
      expect(rest.negatives?.length ?? 0).toBeGreaterThan(0);
    }
  });

  it('passes leave each other time on the road and in the wash box', () => {
    for (const { passes = [], washBox, duration } of [...plans('muck-truck'), ...plans('none')]) {
      const times = passes.map(({ at }) => at);
      times.slice(1).forEach((at, i) => {
        expect(at - (times[i] ?? 0)).toBeGreaterThan(12);
      });
      expect(Math.max(0, ...times)).toBeLessThan(duration - 5);
      if (washBox) expect(Math.min(...times)).toBeGreaterThan(18);
    }
  });

  it('sixty clips one after another cover every world, light, weather and hard negative', () => {
    const clips = Array.from({ length: 60 }, (_, i) => planClip(sceneKinds[i % 4] as SceneKind, 31000 + i));
    const scenes = clips.map(describeScene);
    const worlds = new Set(scenes.map(({ world }) => world));
    expect(worlds.size).toBe(7);
    expect(new Set(scenes.map(({ light }) => light)).size).toBe(6);
    expect(new Set(scenes.map(({ weather }) => weather))).toEqual(new Set(['dry', 'wet', 'rain', 'fog']));
    const wanted = new Set(lawfulScenes.flatMap(({ options }) => options(() => 0).negatives));
    const seen = new Set(scenes.flatMap(({ negatives }) => negatives));
    const missing = [...wanted].filter((name) => !seen.has(name));
    expect(missing).toEqual([]);
  });
});

describe('planFrame', () => {
  const frames = seeds.map((seed) => planFrame(100000 + seed));
  it('never draws a shipped clip again', () => {
    const shipped = new Set(shippedClips.map((clip) => clip.spec.seed));
    for (const { spec } of frames) expect(shipped.has(spec.seed)).toBe(false);
  });

  it('shows every story, about half of the frames still ones, and moments within the story', () => {
    const stories = frames.map(({ spec }) => spec.story);
    expect(new Set(stories)).toEqual(new Set(['still', 'street', 'bike', 'gate']));
    const still = stories.filter((story) => story === 'still').length / stories.length;
    expect(still).toBeGreaterThan(0.4);
    expect(still).toBeLessThan(0.6);
    for (const { spec, t } of frames) if (spec.options) expect(t).toBeLessThanOrEqual(spec.options.duration);
  });

  it('with the gate in focus shows a truck at the gate each time, in every state', () => {
    const gates = seeds.map((seed) => planFrame(seed, 'gate').spec);
    for (const spec of gates) expect(optionsOf(spec).passes?.length).toBeGreaterThan(0);
    const states = new Set(
      gates.map((spec) => optionsOf(spec).passes?.[0]).map((pass) => `${pass?.load} ${pass?.cover}`),
    );
    expect(states).toEqual(new Set(['loaded covered', 'loaded uncovered', 'loaded partly', 'empty uncovered']));
  });
});

describe('planFrame with decoys in focus', () => {
  const streets = seeds.map((seed) => planFrame(seed, 'decoys'));
  it('shows planters each time and something else that is taken for a stall', () => {
    for (const { spec, t } of streets) {
      const { negatives = [], duration } = optionsOf(spec);
      expect(negatives).toContain('planters');
      expect(negatives.length).toBeGreaterThan(1);
      expect(t).toBeLessThanOrEqual(duration);
    }
  });

  it('has streets without a stall, and streets with low ones beside', () => {
    const counts = streets.map(({ spec }) => optionsOf(spec).stalls ?? 0);
    expect(new Set(counts)).toEqual(new Set([0, 1, 2, 3]));
    for (const { spec } of streets) expect(optionsOf(spec).builds?.length ?? 0).toBe(optionsOf(spec).stalls);
  });
});

describe('relit', () => {
  it.each([undefined, 'gate', 'camera', 'decoys', 'sheets', 'planters', 'still'] as const)(
    'of %s changes the light and nothing else',
    (focus) => {
      for (const seed of seeds) {
        const frame = planFrame(seed, focus);
        const { spec, t } = relit(frame, 'infrared');
        expect(optionsOf(spec).weather).toMatchObject({ light: 'infrared', rain: false, fog: false });
        const { weather: _, ...rest } = frame.spec.options ?? { duration: 3 };
        expect({ spec: { ...spec, options: { ...spec.options, weather: null } }, t }).toEqual({
          spec: { ...frame.spec, options: { ...rest, weather: null } },
          t: frame.t,
        });
      }
    },
  );
});

describe('rained', () => {
  it('of a decoy street rains in every light that goes with rain, never in fog, and changes nothing else', () => {
    for (const seed of seeds) {
      const frame = planFrame(seed, 'decoys');
      const { light } = optionsOf(frame.spec).weather;
      const { spec, t } = rained(frame);
      const dry = light === 'low-sun' || light === 'infrared';
      expect(optionsOf(spec).weather).toEqual({ light, rain: !dry, fog: false, wet: true });
      expect({ spec: { ...spec, options: { ...spec.options, weather: null } }, t }).toEqual({
        spec: { ...frame.spec, options: { ...frame.spec.options, weather: null } },
        t: frame.t,
      });
    }
  });
});

describe('planEncoding', () => {
  it('is H.264 alone where H.265 cannot be written, else a mixture', () => {
    const codecs = (h265: boolean) => new Set(seeds.map((seed) => planEncoding(seed, h265).codec));
    expect(codecs(false)).toEqual(new Set(['h264']));
    expect(codecs(true)).toEqual(new Set(['h264', 'h265']));
  });
});
