import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readScoreCurve } from '../../edge/domain/score-curve.ts';
import { parseYaml } from '../../platform/read-yaml.ts';
import { street, verdictHeader, verdictOf, verdictText } from '../../tests/verdict-cases.ts';
import type { ScoredBox } from '../metrics/reliability.ts';
import { type AdaptationOptions, adaptCamera } from './adaptation.ts';
import { compareEvents, type ShadowEvent } from './compare-events.ts';
import { describeAdaptation } from './describe.ts';
import { curveAfter, fitCurve } from './fit-curve.ts';
import { judgedCases } from './judged.ts';
import { proposalFile } from './proposal-file.ts';
import { outcomeOf, proposeThreshold } from './propose.ts';
import { readVerdictFile } from './read-verdicts.ts';

const aim = { precision: 0.8, maxLost: 0.05, minEach: 8 };
const scored = fc.array(fc.record({ score: fc.double({ min: 0.3, max: 0.99, noNaN: true }), right: fc.boolean() }), {
  minLength: 16,
  maxLength: 120,
});
const codeOf = (act: () => unknown): string => {
  try {
    act();
    return 'fine';
  } catch (error) {
    return (error as { code?: string; message: string }).message;
  }
};

describe('an export', () => {
  it('is read as it was sent', () => {
    const verdicts = street(3, 2);
    expect(readVerdictFile('v', verdictText(verdicts))).toEqual({ header: verdictHeader, verdicts });
  });

  const good = verdictText(street(2, 1));
  const without = (line: number) =>
    good
      .split('\n')
      .filter((_, i) => i !== line)
      .join('\n');
  it.each<[string, string, RegExp]>([
    ['nothing', '', /line 1: expected one JSON object/],
    ['another file', 'kind,state,camera\r\n', /line 1: expected one JSON object/],
    ['a list', '[1]\n', /line 1: expected one JSON object/],
    ['a later format', good.replace('"v":1', '"v":2'), /line 1: v: /],
    ['no header', without(0), /line 1: /],
    ['cut off between lines', without(4), /line 4: the file was cut off/],
    ['cut off in a line', good.slice(0, -60), /line \d: /],
    ['a line less', without(2), /line 4: it says 3 verdicts and holds 2/],
    ['a score of two', good.replace(/"score":0\.\d+/, '"score":2'), /line 2: score: /],
    ['another verdict', good.replace('"verdict":"rejected"', '"verdict":"maybe"'), /line 4: verdict: /],
    ['a case twice', verdictText([verdictOf(1, 0.5), verdictOf(1, 0.6)]), /line 3: case \d+ is there twice/],
  ])('%s is refused in one line that names the place', (_, text, message) => {
    const said = codeOf(() => readVerdictFile('export.ndjson', text));
    expect(said).toMatch(message);
    expect(said).toContain('export.ndjson');
    expect(said).not.toContain('\n');
  });
});

describe('verdicts on boxes', () => {
  const of = { camera: 'street-01', model: { name: 'kerb-s', version: '1' }, concepts: new Set(['stall']) };
  const rejected = (n: number, reason: 'permitted' | 'parked-vehicle' | 'too-unclear' | 'other') =>
    verdictOf(n, 0.6, { verdict: 'rejected', reason });

  it('a permitted stall was seen rightly, a parked car was not, and what is unclear says nothing', () => {
    const list = [
      verdictOf(1, 0.6),
      rejected(2, 'permitted'),
      rejected(3, 'parked-vehicle'),
      rejected(4, 'too-unclear'),
      rejected(5, 'other'),
    ];
    const { cases, leftOut } = judgedCases(list, of);
    expect(cases.map(({ right }) => right)).toEqual([true, true, false]);
    expect(leftOut).toEqual({ unclear: 2, severalBoxes: 0, otherModel: 0, elsewhere: 0 });
  });

  it('other cameras, times, models and counts are left out; the 8-bit form is the same model', () => {
    const [object] = verdictOf(1, 0.6).objects;
    const model = { name: 'kerb-s', version: '1', sha256: 'a'.repeat(64) };
    const list = [
      verdictOf(1, 0.6),
      verdictOf(2, 0.6, { model: { ...model, name: 'kerb-s-int8' } }),
      verdictOf(3, 0.6, { model: { ...model, version: '2' } }),
      verdictOf(4, 0.6, { camera: 'street-02' }),
      verdictOf(5, 0.6, { objects: object ? [object, object] : [] }),
      verdictOf(6, 0.6, { objects: [] }),
    ];
    const { cases, leftOut } = judgedCases(list, { ...of, since: '2026-01-01T02:00:00.000Z' });
    expect(cases.map(({ number }) => number)).toEqual([list[1]?.number]);
    expect(leftOut).toEqual({ unclear: 0, severalBoxes: 2, otherModel: 1, elsewhere: 2 });
  });
});

describe('the curve', () => {
  it('of no verdict is the prior: scores are chances', () => {
    const { a, b } = fitCurve([]);
    expect([a, b]).toEqual([1, 0]);
  });

  it('rises whatever the verdicts, and composes with the card’s', () => {
    const present = fc.option(
      fc.record({ a: fc.double({ min: 0.5, max: 2, noNaN: true }), b: fc.double({ min: -1, max: 1, noNaN: true }) }),
    );
    fc.assert(
      fc.property(scored, present, (cases, card) => {
        const curve = fitCurve(cases);
        expect(curve.a).toBeGreaterThanOrEqual(0.2);
        expect(curve.chanceOf(0.4)).toBeLessThan(curve.chanceOf(0.6));
        const both = readScoreCurve(curveAfter(card ?? undefined, curve));
        const before = readScoreCurve(card ?? {});
        fc.pre(
          curve.a * (card?.a ?? 1) < 5 &&
            curve.a * (card?.a ?? 1) > 0.2 &&
            Math.abs(curve.a * (card?.b ?? 0) + curve.b) < 8,
        );
        expect(both.chanceOf(0.5)).toBeCloseTo(curve.chanceOf(before.chanceOf(0.5)), 3);
      }),
    );
  });

  it('one verdict moves it little, a hundred much, and each further one of a kind the same way', () => {
    const wrong = (n: number): ScoredBox[] => Array.from({ length: n }, () => ({ score: 0.7, right: false }));
    const chances = [0, 1, 3, 10, 30, 100].map((n) => fitCurve(wrong(n)).chanceOf(0.7));
    expect(chances).toEqual(chances.toSorted((x, y) => y - x));
    expect((chances[0] ?? 0) - (chances[1] ?? 0)).toBeLessThan(0.15);
    expect(chances[5]).toBeLessThan(0.1);
  });

  it('a curve of points stays one', () => {
    const curve = fitCurve([{ score: 0.6, right: false }]);
    const both = curveAfter(
      {
        points: [
          [0.3, 0.2],
          [0.7, 0.6],
        ],
      },
      curve,
    );
    expect(both.points?.map(([x]) => x)).toEqual([0.3, 0.7]);
    expect(both.points?.[1]?.[1]).toBeCloseTo(curve.chanceOf(0.6), 3);
  });
});

describe('a threshold', () => {
  const boxes = (right: number, wrong: number) =>
    street(right, wrong).map(({ score, verdict }) => ({ score, right: verdict === 'confirmed' }));

  it('that tells right from wrong is proposed, with what comes of it, and held-out cases agree', () => {
    const found = proposeThreshold(boxes(60, 60), 0.4, aim);
    expect(found?.proposed).toBeGreaterThan(0.5);
    expect(found?.atPresent.precision.value).toBe(0.5);
    expect(found?.atProposed.precision.value).toBeGreaterThan(0.65);
    expect(found?.atProposed.wrongAvoided).toBeGreaterThan(25);
    expect(found?.atProposed.rightLost).toBeLessThanOrEqual(3);
    expect(found?.heldOut.wrongAvoided).toBeGreaterThan(20);
    expect(found?.heldOut.rightLost).toBeLessThanOrEqual(5);
  });

  it('moves little for few verdicts of the same sort', () => {
    const moved = [8, 16, 40, 120].map((n) => (proposeThreshold(boxes(n, n), 0.4, aim)?.proposed ?? 0) - 0.4);
    for (const [i, move] of moved.entries())
      if (i > 0) expect(move).toBeGreaterThanOrEqual((moved[i - 1] ?? 0) - 0.011);
    expect(moved[0]).toBeLessThan(0.6 * (moved[3] ?? 0));
  });

  it('is not proposed under so many of each sort, nor where all is right as it is', () => {
    expect(proposeThreshold(boxes(7, 90), 0.4, aim)).toBeNull();
    expect(proposeThreshold(boxes(90, 7), 0.4, aim)).toBeNull();
    expect(proposeThreshold(boxes(200, 8), 0.4, { ...aim, precision: 0.6 })?.proposed).toBe(0.4);
  });

  it('never falls, never loses more right cases than allowed, never worsens precision', () => {
    const now = fc.double({ min: 0.05, max: 0.3, noNaN: true });
    const lost = fc.double({ min: 0, max: 0.3, noNaN: true });
    fc.assert(
      fc.property(scored, now, lost, (cases, present, maxLost) => {
        const found = proposeThreshold(cases, present, { ...aim, maxLost });
        fc.pre(found !== null);
        expect(found.proposed).toBeGreaterThanOrEqual(present);
        expect(found.atProposed.rightLost).toBeLessThanOrEqual(maxLost * found.right);
        expect(found.atProposed.wrongAvoided).toBe(outcomeOf(cases, found.proposed).wrongAvoided);
      }),
    );
  });
});

describe('a proposal', () => {
  const present: AdaptationOptions['present'] = {
    ...{ name: 'kerb-s', version: '1' },
    labels: [
      { name: 'stall', concept: 'stall' },
      { name: 'cart', concept: 'cart' },
    ],
    thresholds: { score: 0.3, byLabel: { stall: 0.4 } },
  };
  const options: AdaptationOptions = { camera: 'street-01', present, aim, calibrate: false };
  const file = { header: verdictHeader, verdicts: street(60, 60) };
  const from = { file: 'v.ndjson', sha256: 'b'.repeat(64), madeAt: '2026-02-02T00:00:00.000Z' };

  it('is a piece of configuration with where it comes from', () => {
    const adaptation = adaptCamera(file, options);
    const text = proposalFile(adaptation, { ...from, file: 'a\nname: x' });
    expect(
      text
        .split('\n')
        .filter((line) => line.startsWith('#'))
        .join('\n'),
    ).toContain('a\\nname: x');
    expect(text).toContain('b'.repeat(64));
    const threshold = adaptation.rows[0]?.proposal?.proposed;
    expect(parseYaml(text, 'p')).toEqual({
      cameras: [
        { id: 'street-01', scores: { fittedTo: { model: 'kerb-s', version: '1' }, thresholds: { stall: threshold } } },
      ],
    });
  });

  it('keeps what the camera has of its own for other labels', () => {
    const own = { thresholds: { cart: 0.7 }, calibration: { cart: { b: -1 } } };
    expect(adaptCamera(file, { ...options, own }).scores).toMatchObject({
      thresholds: { cart: 0.7, stall: expect.any(Number) },
      calibration: { cart: { b: -1 } },
    });
  });

  it('with a calibration says thresholds as chances of it: the same boxes pass', () => {
    const plain = adaptCamera(file, options).scores?.thresholds?.stall ?? 0;
    const { scores } = adaptCamera(file, { ...options, calibrate: true });
    const { chanceOf } = readScoreCurve(scores?.calibration?.stall ?? {});
    expect(chanceOf(plain - 0.01)).toBeLessThan(scores?.thresholds?.stall ?? 0);
    expect(chanceOf(plain + 0.01)).toBeGreaterThan(scores?.thresholds?.stall ?? 1);
  });

  it('of too few verdicts is refused with what there is', () => {
    const few = { header: verdictHeader, verdicts: street(3, 12) };
    expect(codeOf(() => adaptCamera(few, options))).toMatch(
      /street-01, kerb-s 1: stall 3 right and 12 wrong, needs 8 of each/,
    );
    expect(codeOf(() => adaptCamera(few, { ...options, camera: 'street-09' }))).toMatch(
      /no verdict on a box.*15 of other cameras/,
    );
  });

  it('is told in Chinese and in English, columns under each other', () => {
    const adaptation = adaptCamera(file, options);
    const [en, zh] = [describeAdaptation(adaptation, 'en'), describeAdaptation(adaptation, 'zh')];
    expect(en).toContain('camera street-01, model kerb-s 1');
    expect(en).toContain('this is a proposal; nothing was changed');
    expect(zh).toContain('摊位');
    expect(zh).toContain('以上仅为建议，未做任何更改');
    const [, head = '', row = ''] = en.split('\n');
    expect(row.indexOf('0.50 (')).toBe(head.indexOf('precision now'));
  });
});

describe('a shadow run', () => {
  const event = (startedAt: string, more: Partial<ShadowEvent> = {}): ShadowEvent => ({
    ...{ kind: 'road-stall', zone: 'pavement', startedAt, score: 0.6, box: [0.1, 0.1, 0.2, 0.2] },
    ...more,
  });
  const [early, late] = ['2026-01-01T00:10:00.000Z', '2026-01-01T02:00:00.000Z'];

  it('pairs what is told a little later, and says what is lost and gained', () => {
    const present = [event(early), event(late)];
    const proposed = [event('2026-01-01T00:11:00.000Z'), event(late, { box: [0.7, 0.7, 0.1, 0.1] })];
    expect(compareEvents(present, proposed)).toEqual({ kept: 1, gained: [proposed[1]], lost: [present[1]] });
    expect(compareEvents(present, present)).toEqual({ kept: 2, gained: [], lost: [] });
  });
});
