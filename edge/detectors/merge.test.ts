import { expect, it } from 'vitest';
import type { BoxXywh } from '../../contracts/geometry.ts';
import type { Detection } from '../domain/detection.ts';
import type { Label } from '../domain/model-card.ts';
import { createMerger } from './merge.ts';

const labels: readonly Label[] = [
  { name: 'person', concept: 'person' },
  { name: 'truck', concept: 'truck' },
  { name: 'muck_truck', concept: 'muck_truck' },
  { name: 'muck_truck_covered', concept: 'muck_truck', load: 'loaded', cover: 'covered' },
];
const merge = createMerger({
  labels,
  thresholds: {
    score: 0.3,
    byLabel: {},
    nmsIou: 0.6,
    classGroups: [{ concepts: ['truck', 'muck_truck'], iou: 0.7 }],
    maxBoxes: 4,
  },
});
const thing = (label: string, score: number, box: BoxXywh): Detection => ({
  concept: labels.find(({ name }) => name === label)?.concept ?? 'other',
  label,
  score,
  box,
});
const here: BoxXywh = [0.5, 0.5, 0.1, 0.2];
const nearby: BoxXywh = [0.52, 0.51, 0.1, 0.2];
const away: BoxXywh = [0.1, 0.1, 0.1, 0.2];

it('the more trusted inference decides over one thing, even with a lower score', () => {
  expect(merge([[thing('person', 0.4, here)], [thing('person', 0.9, nearby)]])).toEqual([thing('person', 0.4, here)]);
});
it('what one inference alone has seen stays, best first', () => {
  const found = merge([[thing('person', 0.4, here)], [thing('person', 0.9, away)]]);
  expect(found.map(({ score }) => score)).toEqual([0.9, 0.4]);
});
it('states and class groups hold across inferences, people and trucks are apart', () => {
  const found = merge([
    [thing('muck_truck_covered', 0.5, here)],
    [thing('truck', 0.8, nearby), thing('muck_truck', 0.7, here), thing('person', 0.6, here)],
  ]);
  expect(found.map(({ label }) => label)).toEqual(['person', 'muck_truck_covered']);
});
it('two things of one inference that overlap are two things: it has suppressed for itself', () => {
  expect(merge([[thing('person', 0.8, here), thing('person', 0.7, nearby)], []])).toHaveLength(2);
});
it('gives no more than the card allows', () => {
  const row = Array.from({ length: 9 }, (_, i) => thing('person', 0.9 - i / 10, [i / 10, 0, 0.05, 0.1]));
  expect(merge([row, []]).map(({ score }) => score)).toEqual(row.slice(0, 4).map(({ score }) => score));
});
