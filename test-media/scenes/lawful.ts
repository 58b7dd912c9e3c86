/** Scenes with nothing to report: each is built around one or two hard negatives, with others beside them. */
import { pick, wholeBetween } from './numbers.ts';
import { entering, lawful, leavingEmpty, passesAt } from './passes.ts';
import type { Negative, StoryName, StoryOptions, World } from './types.ts';

export interface LawfulScene {
  story: Exclude<StoryName, 'still'>;
  worlds: readonly [World, ...World[]];
  options: (next: () => number) => Partial<StoryOptions> & { negatives: Negative[] };
}

const streets: readonly [World, ...World[]] = [
  'shopping-street',
  'market-gate',
  'school',
  'heritage-apron',
  'arterial',
];
const pavements: readonly [World, ...World[]] = ['metro-exit', 'shopping-street', 'arterial'];
const gates: readonly [World, ...World[]] = ['site-gate', 'site-gate', 'arterial'];

const beside: readonly [Negative, ...Negative[]] = ['planters', 'awnings', 'piles', 'tarpaulins', 'leaves', 'puddles'];

function street(main: Negative[], more: Partial<StoryOptions> = {}, worlds = streets): LawfulScene {
  return {
    story: 'street',
    worlds,
    options: (next) => ({ stalls: 0, ...more, negatives: [...new Set([...main, pick(next, beside)])] }),
  };
}

function bikes(main: Negative[], more: (next: () => number) => Partial<StoryOptions>, worlds = pavements): LawfulScene {
  return { story: 'bike', worlds, options: (next) => ({ ...more(next), negatives: main }) };
}

function gate(main: Negative[], more: (next: () => number) => Partial<StoryOptions>): LawfulScene {
  return { story: 'gate', worlds: gates, options: (next) => ({ ...more(next), negatives: main }) };
}

const few = (next: () => number): Partial<StoryOptions> => ({ place: 'pavement', left: wholeBetween(next, 2, 4) });

/** In turn: fifteen clips one after another hold every violation's look-alikes. */
export const lawfulScenes: readonly LawfulScene[] = [
  street(['standing-groups', 'awnings']),
  bikes(['few-bikes', 'riders-passing'], few),
  gate(['covered-trucks', 'sheet-like-load', 'water-film'], (next) => ({
    passes: passesAt(next, [10, 27], [{ ...lawful, likeLoad: true }, lawful]),
  })),
  street(['permitted-stalls'], { stalls: 2, permit: 'open' }, ['market-gate', 'shopping-street', 'arterial']),
  street(['brief-stops', 'parked-cars']),
  bikes(['carried-bikes'], few),
  gate(['empty-trucks', 'other-lorries', 'leaves'], (next) => ({
    passes: passesAt(next, [10, 25, 39], [leavingEmpty, { ...leavingEmpty, vehicle: 'lorry' }, entering]),
  })),
  street(['tarpaulins', 'piles', 'planters']),
  bikes(['full-bay', 'leaves'], (next) => ({
    place: 'pavement',
    left: wholeBetween(next, 1, 3),
    inBay: 8,
    capacity: 8,
  })),
  street(['trade-inside', 'planters'], {}, ['shopping-street', 'market-gate']),
  gate(['covered-trucks', 'shadow', 'moving-shadows'], (next) => ({
    washBox: true,
    passes: passesAt(next, [20, 37], [lawful, lawful]),
  })),
  street(['moving-shadows', 'puddles', 'statues', 'standing-groups']),
  bikes(['bikes-at-light', 'riders-passing'], (next) => ({ place: 'pavement', left: wholeBetween(next, 0, 2) })),
  bikes(
    ['few-bikes', 'puddles'],
    (next) => ({ place: next() < 0.5 ? 'tactile' : 'heritage-apron', left: wholeBetween(next, 0, 1) }),
    ['heritage-apron', 'metro-exit'],
  ),
  gate(['partly-covered', 'covered-trucks', 'water-film'], (next) => ({
    passes: passesAt(next, [10, 27], [{ ...lawful, cover: 'partly' }, lawful]),
  })),
];
