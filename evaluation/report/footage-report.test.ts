import { describe, expect, it } from 'vitest';
import { renderFootage } from './footage-page.ts';
import { dayRateOf, type FootageAlarm, type FootagePlay, footageFigures } from './footage-report.ts';

const ref = { name: 'm', version: '1', sha256: 'a'.repeat(64) };
const alarm = (clip: string): FootageAlarm => ({
  clip,
  kind: 'road-stall',
  zone: 'road-stall',
  startSeconds: 1,
  reportedSeconds: 181,
  score: 0.6,
  detail: {},
  objects: [{ track: 1, class: 'stall', score: 0.6, box: [0.1, 0.1, 0.2, 0.2] }],
  picture: { name: '<p>.jpg', width: 4, height: 3 },
});
const play = (clip: string, folder: string, alarms: number, boxes: Record<string, number>): FootagePlay => ({
  ...{
    clip,
    folder,
    sha256: 'b',
    ownSeconds: 9,
    streamSeconds: 1800,
    frames: 9000,
    inferred: 45,
    boxFrames: 45,
    boxes,
  },
  alarms: Array.from({ length: alarms }, () => alarm(clip)),
});
const plays = [play('a/1.mp4', 'a', 2, { person: 9 }), play('b/<2>.mp4', 'b', 0, { stall: 9 })];

describe('footage', () => {
  it.each([
    // Garwood 1936: nothing, and two, in a day.
    [0, 24, 0, 0, 3.689],
    [2, 24, 2, 0.242, 7.225],
    [2, 48, 1, 0.121, 3.612],
  ])('%i in %i h', (count, hours, perDay, low, high) => {
    const rate = dayRateOf(count, hours);
    expect(rate.perDay).toBeCloseTo(perDay);
    expect(rate.interval95?.low).toBeCloseTo(low, 3);
    expect(rate.interval95?.high).toBeCloseTo(high, 2);
  });
  it('nobody watched, no rate', () => expect(dayRateOf(0, 0)).toMatchObject({ perDay: null, interval95: null }));

  it('by kind, by folder, and boxes a hundred frames', () => {
    const figures = footageFigures(ref, plays, new Set(['road-stall', 'muck-truck']));
    expect(figures.all).toMatchObject({ count: 2, hours: 1, perDay: 48 });
    expect(figures.byKind['road-stall'].count).toBe(2);
    expect(figures.byKind['muck-truck']).toMatchObject({ count: 0, hours: 1 });
    expect(figures.byKind['bike-clutter']).toMatchObject({ hours: 0, perDay: null });
    expect(figures.byFolder.map(({ folder, all }) => [folder, all.count])).toEqual([
      ['a', 2],
      ['b', 0],
    ]);
    // What may be a violation stands first, drawn or not.
    expect(figures.boxes).toEqual([
      { concept: 'stall', boxes: 9, per100Frames: 10 },
      { concept: 'cart', boxes: 0, per100Frames: 0 },
      { concept: 'muck_truck', boxes: 0, per100Frames: 0 },
      { concept: 'person', boxes: 9, per100Frames: 10 },
    ]);
  });

  it('the page shows every still and escapes what files are called', () => {
    const figures = footageFigures(ref, plays, new Set(['road-stall']));
    const page = renderFootage(
      {
        program: { name: 'kerbwatch', version: '1' },
        ...{ repeatToSeconds: 1800, cadence: 5, cameraKind: 'street', zones: [], wholePicture: true, clips: 2 },
        ...{ ownHours: 0.005, withTruth: [], models: [figures], resumed: 0, wallSeconds: 1 },
      },
      (name) => `pictures/${name}`,
    );
    expect(page.match(/<img /g)).toHaveLength(2);
    expect(page).toContain('pictures/&lt;p&gt;.jpg');
    expect(page).not.toContain('<2>');
    expect(page).toContain('Garwood');
  });
});
