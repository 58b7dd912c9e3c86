/** Finds the labels of a folder of images: COCO's JSON, YOLO's text files, or the lines of rendered frames. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { coco80 } from '../../edge/domain/coco80.ts';
import { AppError } from '../../platform/app-error.ts';
import { parseYaml } from '../../platform/read-yaml.ts';
import type { ImageReport } from '../report/image-report.ts';
import { type LabelledImage, parseCoco, parseCocoClasses, parseRendered, parseYolo } from '../truth/label-files.ts';

const isImage = (name: string) => /\.(jpe?g|png|webp)$/i.test(name);

export type LabelledFolder = {
  readonly format: ImageReport['format'];
  readonly images: readonly LabelledImage[];
  /** Paths of the images, in the same order. */
  readonly files: readonly string[];
  /** Classes that the labels know: what has none of these is nowhere in the pictures. */
  readonly classes: readonly string[];
  /** `labelled.txt`: the classes of these that are labelled; any other may be there without a label. Null without it. */
  readonly labelled: readonly string[] | null;
};

/** What a rendered frame's lines tell of, wherever it is. */
const RENDERED_CLASSES = ['person', 'bicycle', 'car', 'bus', 'truck', 'muck_truck', 'stall', 'cart', 'umbrella'];
/** A class that marks regions about which nothing is said. */
export const IGNORE_CLASS = 'ignore';
const LABELLED_FILE = 'labelled.txt';

function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (cause) {
    throw new AppError('EVAL_TRUTH', `${folder} cannot be read`, { cause });
  }
}

/** Where an image named by its labels lies: beside them, or in `images/`. */
function fileOf(folder: string, name: string): string {
  const found = [join(folder, name), join(folder, 'images', name), join(folder, basename(name))].find(existsSync);
  if (!found) throw new AppError('EVAL_TRUTH', `${join(folder, name)} is labelled and not there`);
  return found;
}

/** One picture labelled twice would have half of its things called false. */
function refuseTwice(files: readonly string[]): void {
  const seen = new Set<string>();
  for (const file of files) {
    if (seen.has(file)) throw new AppError('EVAL_TRUTH', `${file} is labelled twice`);
    seen.add(file);
  }
}

/** Names by number from a YOLO `*.yaml` or `classes.txt`; COCO's eighty where neither is. */
function yoloNames(folder: string, names: readonly string[]): string[] {
  const yaml = names.find((name) => /\.ya?ml$/.test(name));
  const listed = yaml
    ? (parseYaml(readFileSync(join(folder, yaml), 'utf8'), yaml) as { names?: unknown } | null)?.names
    : null;
  if (listed && typeof listed === 'object') {
    // A list, or a map from numbers.
    const found: string[] = [];
    for (const [number, name] of Object.entries(listed)) found[Number(number)] = String(name);
    return found;
  }
  if (names.includes('classes.txt')) {
    return readFileSync(join(folder, 'classes.txt'), 'utf8')
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean);
  }
  return coco80.map(({ name }) => name);
}

type Folder = Omit<LabelledFolder, 'labelled'>;

/** `isLabelled`: some image has a file of labels, though there be nothing in it. */
function readYolo(folder: string, names: readonly string[]): Folder & { readonly isLabelled: boolean } {
  const classes = yoloNames(folder, names);
  const inFolders = names.includes('labels') && names.includes('images');
  const [pictures, labels] = inFolders ? [join(folder, 'images'), join(folder, 'labels')] : [folder, folder];
  const files = list(pictures)
    .filter(isImage)
    .map((name) => join(pictures, name));
  let isLabelled = false;
  const images = files.map((file): LabelledImage => {
    const text = join(labels, `${basename(file, extname(file))}.txt`);
    const has = existsSync(text);
    isLabelled ||= has;
    // An image without a file of labels has nothing in it: so YOLO writes it.
    const objects = has ? parseYolo(readFileSync(text, 'utf8'), classes, text) : [];
    return { file: basename(file), objects };
  });
  return { format: 'yolo', images, files, classes, isLabelled };
}

function cocoFile(folder: string, names: readonly string[]): string | null {
  const inside = names.includes('annotations') ? list(join(folder, 'annotations')).map((n) => `annotations/${n}`) : [];
  return [...names, ...inside].find((name) => name.endsWith('.json')) ?? null;
}

/** Names of `labelled.txt`, one a line or with spaces between; each must be a class of the folder. */
function readLabelled(folder: string, names: readonly string[], classes: readonly string[]): string[] | null {
  if (!names.includes(LABELLED_FILE)) return null;
  const file = join(folder, LABELLED_FILE);
  const labelled = readFileSync(file, 'utf8').split(/\s+/).filter(Boolean);
  const strange = labelled.filter((name) => !classes.includes(name));
  if (strange.length > 0) {
    throw new AppError('EVAL_TRUTH', `${file}: ${strange.join(', ')} is no class of ${classes.join(', ')}`);
  }
  return labelled;
}

function readFolder(folder: string, names: readonly string[]): Folder {
  const own = (format: Folder['format'], images: LabelledImage[], classes: readonly string[]): Folder => {
    const files = images.map(({ file }) => fileOf(folder, file));
    refuseTwice(files);
    return { format, images, files, classes };
  };
  const lines = join(folder, 'labels.jsonl');
  if (names.includes('labels.jsonl')) {
    const images = parseRendered(readFileSync(lines, 'utf8'), lines);
    const seen = images.flatMap(({ objects }) => objects.map(({ label }) => label));
    return own('rendered', images, [...new Set([...RENDERED_CLASSES, ...seen])]);
  }
  const coco = cocoFile(folder, names);
  if (coco) {
    const file = join(folder, coco);
    const text = readFileSync(file, 'utf8');
    return own('coco', parseCoco(text, file), parseCocoClasses(text, file));
  }
  const { isLabelled, ...yolo } = readYolo(folder, names);
  if (!isLabelled) {
    const message = `${folder} holds no labels.jsonl, no COCO *.json and no YOLO labels/*.txt`;
    throw new AppError('EVAL_TRUTH', message);
  }
  return yolo;
}

/** Throws EVAL_TRUTH where there is nothing that can be read, or a label is wrong. */
export function readLabels(folder: string): LabelledFolder {
  const names = list(folder);
  const read = readFolder(folder, names);
  return { ...read, labelled: readLabelled(folder, names, read.classes) };
}
