import { describe, expect, it } from 'vitest';
import type { Detection } from '../../edge/domain/detection.ts';
import type { Label } from '../../edge/domain/model-card.ts';
import { type AnalysedImage, conceptOf, reportImages } from './image-report.ts';

const own: Label[] = [
  { name: 'person', concept: 'person' },
  { name: 'truck', concept: 'truck' },
  { name: 'muck_truck_covered', concept: 'muck_truck', load: 'loaded', cover: 'covered' },
];
const facts = {
  program: { name: 'kerbwatch', version: '1' },
  model: { name: 'm', version: '1', sha256: 'a'.repeat(64) },
  origin: 'unstated',
  format: 'yolo',
  sha256: 'b',
  minScore: 0.005,
  wallSeconds: 1,
} as const;
type Thing = { label: string; load?: string; cover?: string; crowd?: boolean };
function look(file: string, things: Thing[], detections: Partial<Detection>[]): AnalysedImage {
  const box: [number, number, number, number] = [0.1, 0.1, 0.5, 0.5];
  return {
    labels: { file, objects: things.map((thing) => ({ box, visible: 1, crowd: false, ...thing })) },
    detections: detections.map((thing) => ({ score: 0.9, label: 'x', box, ...thing })) as Detection[],
    width: 640,
    height: 360,
    scaled: { width: 416, height: 234 },
  };
}

describe('conceptOf', () => {
  it.each([
    ['stall', 'stall'],
    ['muck_truck_covered', 'muck_truck'],
    ['dining table', 'table'],
    ['toaster', null],
    ['unheard of', null],
  ])('%s', (label, concept) => expect(conceptOf(label, own)).toBe(concept));
});

describe('reportImages', () => {
  it('scores what both have, and says what the model lacks', () => {
    const images = [look('a.jpg', [{ label: 'person' }, { label: 'stall' }], [{ concept: 'person', label: 'person' }])];
    const { boxes, coco } = reportImages(images, own, facts);
    expect(boxes.byClass).toEqual([{ label: 'person', truths: 1, ap50: expect.closeTo(1), ap: expect.closeTo(1) }]);
    expect(boxes.notInModel).toEqual(['stall']);
    expect(coco).toMatchObject({ labels: 1, ap: expect.closeTo(1) });
  });

  it('a muck truck is a truck to labels that know no muck trucks', () => {
    const said = [{ concept: 'muck_truck', label: 'muck_truck_covered' }] as const;
    expect(reportImages([look('a.jpg', [{ label: 'truck' }], [...said])], own, facts).boxes.ap50).toBeCloseTo(1);
    const both = [look('a.jpg', [{ label: 'truck' }], [...said]), look('b.jpg', [{ label: 'muck_truck' }], [...said])];
    expect(reportImages(both, own, facts).boxes.byClass).toMatchObject([
      { label: 'muck_truck', ap50: expect.closeTo(0.5) },
      { label: 'truck', ap50: 0 },
    ]);
  });

  it('one place under two labels of one concept is one answer', () => {
    const animals: Label[] = ['dog', 'cat'].map((name) => ({ name, concept: 'animal' }));
    const told = [0.9, 0.6].map((score, i) => ({ concept: 'animal', label: i ? 'cat' : 'dog', score }) as const);
    const lorries = [
      { concept: 'truck', label: 'truck', score: 0.9 },
      { concept: 'muck_truck', label: 'muck_truck_covered', score: 0.6 },
    ] as const;
    // Told twice, the second would be a false one before the truth of the second picture.
    const twice = (label: string, found: readonly Partial<Detection>[]) => [
      look('a.jpg', [{ label }], [...found]),
      look('b.jpg', [{ label }], [{ ...found[0], score: 0.5 }]),
    ];
    expect(reportImages(twice('dog', told), animals, facts).boxes.ap50).toBeCloseTo(1);
    expect(reportImages(twice('truck', lorries), own, facts).boxes.ap50).toBeCloseTo(1);
  });

  it('beds where the labels tell them; crowds count neither way', () => {
    const bed = { load: 'loaded', cover: 'covered' } as const;
    const truck = look('a.jpg', [{ label: 'muck_truck', ...bed }], [{ concept: 'muck_truck', ...bed }]);
    const crowd = look('b.jpg', [{ label: 'person', crowd: true }], [{ concept: 'person', label: 'person' }]);
    const report = reportImages([truck, crowd], own, facts);
    expect(report.frames.both).toMatchObject({ hits: 1, cases: 1 });
    expect(report.boxes.byClass.map(({ label }) => label)).toEqual(['muck_truck']);
    expect(reportImages([], own, facts)).toMatchObject({ images: 0, coco: null, boxes: { ap50: null } });
  });
});
