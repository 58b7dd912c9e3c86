import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../platform/app-error.ts';
import { packageRoot } from '../../platform/paths.ts';
import { parseBoxes, parseTruth, sceneKeyOf } from './truth.ts';

const clips = join(packageRoot(), 'test-media', 'clips');
const files = readdirSync(clips).filter((file) => file.endsWith('.truth.json'));
const faultsOf = (act: () => unknown): string[] => {
  try {
    act();
  } catch (error) {
    if (error instanceof AppError) return [error.code, ...error.faults.map((fault) => fault.path)];
    throw error;
  }
  return [];
};

it.each(files)('%s, as shipped, is valid with its boxes', (file) => {
  const truth = parseTruth(JSON.parse(readFileSync(join(clips, file), 'utf8')), file);
  const boxes = parseBoxes(readFileSync(join(clips, truth.boxes ?? ''), 'utf8'), truth.boxes ?? '');
  expect(boxes.length).toBeGreaterThan(10);
});

describe('what is wrong', () => {
  const polygon = [
    [0, 0],
    [1, 0],
    [1, 1],
  ];
  const zone = { id: 'z', kind: 'road-stall', polygon };
  const violation = { kind: 'road-stall', zone: 'z', from: 1, to: 5, dueAt: 3, detail: {} };
  const truth = { clip: 'x.mp4', fps: 5, camera: { id: 'c', kind: 'street', zones: [zone] }, violations: [violation] };

  it('nothing, here', () => expect(faultsOf(() => parseTruth(truth, 'x'))).toEqual([]));
  it('nor with the scene that it shows; what is unsaid is called unstated', () => {
    const scene = { seed: 7, world: 'metro-exit', light: 'low-sun', negatives: ['awnings'] };
    const parsed = parseTruth({ ...truth, scene }, 'x');
    expect(sceneKeyOf(parsed)).toEqual({ world: 'metro-exit', light: 'low-sun', weather: 'unstated' });
    expect(sceneKeyOf(parseTruth(truth, 'x'))).toEqual({ world: 'unstated', light: 'unstated', weather: 'unstated' });
  });
  it.each([
    ['a scene of unknown words', { ...truth, scene: { wind: 'strong' } }, ['scene.wind']],
    ['a scene that is no word', { ...truth, scene: { light: '<b>' } }, ['scene.light']],
    ['no truth at all', null, ['']],
    ['unknown key', { ...truth, colour: 'red' }, ['colour']],
    ['two faults at once', { ...truth, fps: 0, clip: '../x.mp4' }, ['clip', 'fps']],
    [
      'a zone of no kind',
      { ...truth, camera: { ...truth.camera, zones: [{ ...zone, kind: 'x' }] } },
      ['camera.zones[0].kind', 'violations[0].zone'],
    ],
    ['ends before it begins', { ...truth, violations: [{ ...violation, to: 0 }] }, ['violations[0].to']],
  ])('%s', (_, value, paths) => {
    expect(faultsOf(() => parseTruth(value, 'x'))).toEqual(['EVAL_TRUTH', ...paths]);
  });

  it('a line of boxes that is no JSON is named', () => {
    expect(() => parseBoxes('{"t":0,"objects":[]}\n{"t":', 'x.jsonl')).toThrow(/x\.jsonl:2/);
  });
});
