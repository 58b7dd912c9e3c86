import { describe, expect, it } from 'vitest';
import { AppError } from '../../platform/app-error.ts';
import { parseCoco, parseRendered, parseYolo } from './label-files.ts';

const faultsOf = (act: () => unknown): string[] => {
  try {
    act();
  } catch (error) {
    if (error instanceof AppError) return [error.message, ...error.faults.map(({ path }) => path)];
    throw error;
  }
  return [];
};

describe('COCO', () => {
  const coco = {
    images: [{ id: 7, file_name: 'a.jpg', width: 200, height: 100 }],
    categories: [{ id: 3, name: 'car' }],
    annotations: [
      { image_id: 7, category_id: 3, bbox: [20, 10, 40, 50] },
      { image_id: 7, category_id: 3, bbox: [0, 0, 200, 100], iscrowd: 1 },
    ],
  };
  it('pixels become shares, crowds stay crowds', () => {
    expect(parseCoco(JSON.stringify(coco), 'x.json')).toEqual([
      {
        file: 'a.jpg',
        objects: [
          { label: 'car', box: [0.1, 0.1, 0.2, 0.5], visible: 1, crowd: false },
          { label: 'car', box: [0, 0, 1, 1], visible: 1, crowd: true },
        ],
      },
    ]);
  });
  it('names every fault', () => {
    const broken = { ...coco, images: [{ id: 7, width: 200, height: 0 }] };
    const faults = faultsOf(() => parseCoco(JSON.stringify(broken), 'x.json'));
    expect(faults).toEqual([expect.stringContaining('x.json'), 'images[0].file_name', 'images[0].height']);
    expect(faultsOf(() => parseCoco('{', 'x.json'))[0]).toContain('x.json: not JSON');
  });
  it('an annotation of no image or no category is not lost without a word', () => {
    const stray = { image_id: 8, category_id: 4, bbox: [0, 0, 5, 5] };
    const broken = { ...coco, annotations: [...coco.annotations, stray] };
    expect(faultsOf(() => parseCoco(JSON.stringify(broken), 'x.json')).slice(1)).toEqual([
      'annotations[2].image_id',
      'annotations[2].category_id',
    ]);
    const twice = { ...coco, images: [...coco.images, ...coco.images] };
    expect(faultsOf(() => parseCoco(JSON.stringify(twice), 'x.json')).slice(1)).toEqual(['images']);
    const negative = { ...coco, annotations: [{ image_id: 7, category_id: 3, bbox: [0, 0, -5, 5] }] };
    expect(faultsOf(() => parseCoco(JSON.stringify(negative), 'x.json')).slice(1)).toEqual(['annotations[0].bbox[2]']);
    const many = { ...coco, annotations: Array.from({ length: 500 }, () => stray) };
    expect(faultsOf(() => parseCoco(JSON.stringify(many), 'x.json'))).toHaveLength(21);
  });
  it('a byte order mark is none of its content, and nothing labelled is no fault', () => {
    const nothing = { ...coco, annotations: [] };
    expect(parseCoco(`\ufeff${JSON.stringify(nothing)}`, 'x.json')).toEqual([{ file: 'a.jpg', objects: [] }]);
  });
});

describe('YOLO', () => {
  it('centres become corners', () => {
    const [object, ...others] = parseYolo('1 0.5 0.5 0.2 0.4\n\n', ['person', 'car'], 'x.txt');
    expect(others).toEqual([]);
    expect(object?.label).toBe('car');
    [0.4, 0.3, 0.2, 0.4].forEach((value, i) => {
      expect(object?.box[i]).toBeCloseTo(value, 12);
    });
  });
  it.each(['\r\n', '\r', '\n\n'])('lines may end as %j, with spaces and a score', (end) => {
    const text = ['0 0.5 0.5 0.2 0.4', ' 1\t0.5  0.5 0.2 0.4 0.9 '].join(end);
    expect(parseYolo(text, ['person', 'car'], 'x.txt').map(({ label }) => label)).toEqual(['person', 'car']);
  });
  it.each([
    ...['2 0.5 0.5 0.2 0.4', '0 0.5 0.5 0.2', 'car 0.5 0.5 0.2 0.4', '0 0.5 0.5 x 0.4'],
    ...['0 0.5 0.5 -0.2 0.4', '0 nan 0.5 0.2 0.4', '0 320 180 60 40', '0.5 0.5 0.5 0.2 0.4'],
    // A polygon, as segmentation has them.
    '0 0.1 0.1 0.2 0.1 0.2 0.2 0.1 0.2',
  ])('refuses %j', (line) => {
    expect(faultsOf(() => parseYolo(`0 0.5 0.5 0.1 0.1\n${line}`, ['person', 'car'], 'x.txt'))[0]).toContain('x.txt:2');
  });
});

describe('rendered frames', () => {
  const frame = { seed: 9, objects: [{ class: 'stall', box: [0, 0, 0.5, 0.5], visible: 0.4, load: 'loaded' }] };
  it('the file is named by the seed or by itself', () => {
    const lines = [frame, { ...frame, file: '9-1.jpg', light: 'night', weather: 'rain', world: 'school' }];
    expect(parseRendered(lines.map((line) => JSON.stringify(line)).join('\n'), 'labels.jsonl')).toEqual([
      {
        file: '9.jpg',
        objects: [{ label: 'stall', box: [0, 0, 0.5, 0.5], visible: 0.4, crowd: false, load: 'loaded' }],
      },
      expect.objectContaining({ file: '9-1.jpg', light: 'night', weather: 'rain' }),
    ]);
  });
  it('a path is no file name', () => {
    expect(faultsOf(() => parseRendered(JSON.stringify({ ...frame, file: '../a.jpg' }), 'l.jsonl'))).toEqual([
      expect.stringContaining('l.jsonl:1'),
      'file',
    ]);
  });
});
