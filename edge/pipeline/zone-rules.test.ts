import { expect, test } from 'vitest';
import type { ZoneConfig } from '../../contracts/zone.ts';
import type { Track } from '../domain/detection.ts';
import { createZoneRules } from './zone-rules.ts';

const calendar = { utcOffsetMinutes: 480, holidays: [], makeUpDays: [] };
const zone: ZoneConfig<'road-stall'> = {
  id: 'pavement',
  kind: 'road-stall',
  polygon: [
    [0.1, 0.1],
    [0.9, 0.1],
    [0.9, 0.9],
    [0.1, 0.9],
  ],
  params: { candidateSeconds: 4, dwellSeconds: 10, gapSeconds: 20, rearmSeconds: 20 },
};
const lineOf = (...zones: ZoneConfig[]) =>
  createZoneRules({ id: 'c', kind: 'street', source: { url: 'x' }, zones }, calendar, []);

function sceneAt(second: number) {
  const at = second * 1000;
  const seen = { label: '', score: 0.9, bornAt: 0, seenAt: at, hits: 1 };
  const tracks: Track[] = [
    { ...seen, id: 1, concept: 'stall', box: [0.4, 0.4, 0.1, 0.2] },
    { ...seen, id: 2, concept: 'person', box: [0.51, 0.42, 0.03, 0.18] },
  ];
  return { at, tracks, view: 'watched' as const, viewReasons: [], aspect: 16 / 9 };
}

/** Zones as saved after 20 s, with one stall reported. */
function savedWithOpenEvent() {
  const line = lineOf(zone);
  const said = Array.from({ length: 20 }, (_, second) => line.step(sceneAt(second)).findings).flat();
  expect(said.filter(({ finding }) => finding.phase === 'start')).toHaveLength(1);
  return { saved: JSON.parse(JSON.stringify(line.save())), said: said.at(-1) };
}

test('a zone that is what it was goes on with its open event', () => {
  const { saved } = savedWithOpenEvent();
  const line = lineOf(zone);
  expect(line.restore(saved, 19_000)).toEqual([]);
  expect(line.step(sceneAt(20)).findings).toEqual([]);
});

const moved: ZoneConfig<'road-stall'> = { ...zone, polygon: [...zone.polygon.slice(0, 3), [0.2, 0.9]] };
test.each([
  ['edited', [moved], ['pavement']],
  ['removed', [], []],
])('the open event of a zone that was %s ends, once, where it was last watched', (_, zones, anew) => {
  const { saved, said } = savedWithOpenEvent();
  const line = lineOf(...zones);
  expect(line.restore(saved, 19_000)).toEqual(anew);
  const [end, ...more] = line.step(sceneAt(40)).findings;
  expect(more).toEqual([]);
  expect(end).toMatchObject({
    ...{ zone: 'pavement', rule: said?.rule },
    finding: { key: said?.finding.key, phase: 'end', at: 19_000, endedAt: 19_000, stills: [] },
  });
  expect(line.step(sceneAt(41)).findings).toEqual([]);
});

test('idle while nothing stands, and not while something does or is reported', () => {
  const line = lineOf(zone);
  const nothing = (second: number) => ({ ...sceneAt(second), tracks: [] });
  line.step(nothing(0));
  expect(line.isIdle()).toBe(true);
  line.step(sceneAt(1));
  expect(line.isIdle()).toBe(false);
  for (let second = 2; second < 20; second++) line.step(sceneAt(second));
  line.step(nothing(20));
  expect(line.isIdle()).toBe(false);
  for (let second = 21; second < 50; second++) line.step(nothing(second));
  expect(line.isIdle()).toBe(true);
});

test('rules that begin anew end what was open', () => {
  const { saved } = savedWithOpenEvent();
  const line = lineOf(zone);
  line.restore(saved, 19_000);
  line.reset();
  expect(line.step(sceneAt(2)).findings.map(({ finding }) => finding.phase)).toEqual(['end']);
});
