/** Lays out the labelled real pictures of the test inputs as domains for `kerbwatch eval --images`; nothing is copied. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { parseMot } from '../../evaluation/truth/mot-file.ts';
import { packageRoot } from '../../platform/paths.ts';

/**
 * Of `real-stalls`: pictures in which stalls or carts stand in a street, a square or a market lane and are seen whole with
 * what is around them. Left out: goods from close by, beaches and gardens, a cart in a shop window's way. Chosen by eye.
 */
const STREET_VIEWS = [
  ...[2, 4, 6, 7, 8, 10, 14, 15, 16, 17, 19, 21, 29, 30, 31, 35, 40, 45, 53, 56, 58, 66, 67, 68, 75],
  ...[100, 101, 103, 128, 205],
].map((number) => `s${String(number).padStart(3, '0')}`);

const shared = resolve(packageRoot(), process.env.KERBWATCH_SHARED ?? '../shared/data');
const stem = (file: string) => basename(file, extname(file));

type Layout = {
  readonly name: string;
  readonly images: string;
  readonly labels: string | null;
  readonly classes: readonly string[];
  readonly labelled: readonly string[];
  /** Stems of the pictures that are taken; default: all. */
  readonly only?: readonly string[];
};

function layOut(into: string, { name, images, labels, classes, labelled, only }: Layout): string {
  const folder = join(into, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'images'), { recursive: true });
  mkdirSync(join(folder, 'labels'));
  for (const file of readdirSync(images)) {
    if (only && !only.includes(stem(file))) continue;
    symlinkSync(join(images, file), join(folder, 'images', file));
    const text = labels === null ? '' : join(labels, `${stem(file)}.txt`);
    if (existsSync(text)) symlinkSync(text, join(folder, 'labels', `${stem(file)}.txt`));
  }
  writeFileSync(join(folder, 'classes.txt'), `${classes.join('\n')}\n`);
  writeFileSync(join(folder, 'labelled.txt'), `${labelled.join('\n')}\n`);
  return folder;
}

/** Persons of TUD-Campus; no stall, cart or muck truck is in it. */
function layOutCampus(into: string): string {
  const sequence = join(shared, 'mot', 'TUD-Campus');
  const [, width = '', height = ''] =
    /imWidth=(\d+)[\s\S]*imHeight=(\d+)/.exec(readFileSync(join(sequence, 'seqinfo.ini'), 'utf8')) ?? [];
  const parsed = parseMot(readFileSync(join(sequence, 'gt', 'gt.txt'), 'utf8'));
  if ('fault' in parsed) throw new Error(`${sequence}/gt/gt.txt:${parsed.fault.line}: ${parsed.fault.message}`);
  const folder = layOut(into, {
    name: 'TUD-Campus',
    images: join(sequence, 'img1'),
    labels: null,
    classes: ['person', 'stall', 'cart', 'muck_truck'],
    labelled: ['person', 'stall', 'cart', 'muck_truck'],
  });
  const lines = new Map<number, string[]>();
  for (const {
    frame,
    box: [x, y, w, h],
  } of parsed.rows) {
    const shares = [(x + w / 2) / Number(width), (y + h / 2) / Number(height), w / Number(width), h / Number(height)];
    lines.set(frame, [...(lines.get(frame) ?? []), `0 ${shares.join(' ')}`]);
  }
  for (const [frame, rows] of lines) {
    writeFileSync(join(folder, 'labels', `${String(frame).padStart(6, '0')}.txt`), `${rows.join('\n')}\n`);
  }
  return folder;
}

function main(into: string | undefined): void {
  if (into === undefined) throw new Error('usage: tsx tools/real/main.ts <folder>');
  const stalls = join(shared, 'real-stalls');
  const highway = join(shared, 'real-test', 'highway-tidar');
  // Class 9 of the labels marks regions about which nothing is said.
  const stallClasses = [
    'stall',
    'cart',
    'umbrella',
    'person',
    ...['4', '5', '6', '7', '8'].map((n) => `-${n}`),
    'ignore',
  ];
  const own = {
    images: join(stalls, 'images'),
    labels: join(stalls, 'labels'),
    classes: stallClasses,
    labelled: ['stall', 'cart', 'umbrella'],
  };
  const highwayClasses = readFileSync(join(highway, 'classes.txt'), 'utf8').split('\n').filter(Boolean);
  const folders = [
    layOut(into, { ...own, name: 'stalls-street', only: STREET_VIEWS }),
    layOut(into, { ...own, name: 'stalls-all' }),
    layOut(into, {
      name: 'highway-test',
      images: join(highway, 'images'),
      labels: join(highway, 'labels'),
      classes: [...highwayClasses, 'stall', 'cart'],
      labelled: ['person', 'car', 'bus', 'truck', 'motorbike', 'stall', 'cart'],
    }),
    layOutCampus(into),
    join(shared, 'images', 'coco128-train'),
  ];
  process.stdout.write(`${folders.map((folder) => resolve(folder)).join(',')}\n`);
}

main(process.argv[2]);
