/** Finds the labels of a folder of images: COCO's JSON, YOLO's text files, or the lines of rendered frames. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { coco80 } from '../../edge/domain/coco80.ts';
import { AppError } from '../../platform/app-error.ts';
import { parseYaml } from '../../platform/read-yaml.ts';
import type { ImageReport } from '../report/image-report.ts';
import { type LabelledImage, parseCoco, parseRendered, parseYolo } from '../truth/label-files.ts';

const isImage = (name: string) => /\.(jpe?g|png|webp)$/i.test(name);

export type LabelledFolder = {
  readonly format: ImageReport['format'];
  readonly images: readonly LabelledImage[];
  /** Paths of the images, in the same order. */
  readonly files: readonly string[];
};

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

/** `labelled`: some image has a file of labels, though there be nothing in it. */
function readYolo(folder: string, names: readonly string[]): LabelledFolder & { readonly labelled: boolean } {
  const classes = yoloNames(folder, names);
  const inFolders = names.includes('labels') && names.includes('images');
  const [pictures, labels] = inFolders ? [join(folder, 'images'), join(folder, 'labels')] : [folder, folder];
  const files = list(pictures)
    .filter(isImage)
    .map((name) => join(pictures, name));
  let labelled = false;
  const images = files.map((file): LabelledImage => {
    const text = join(labels, `${basename(file, extname(file))}.txt`);
    const has = existsSync(text);
    labelled ||= has;
    // An image without a file of labels has nothing in it: so YOLO writes it.
    const objects = has ? parseYolo(readFileSync(text, 'utf8'), classes, text) : [];
    return { file: basename(file), objects };
  });
  return { format: 'yolo', images, files, labelled };
}

function cocoFile(folder: string, names: readonly string[]): string | null {
  const inside = names.includes('annotations') ? list(join(folder, 'annotations')).map((n) => `annotations/${n}`) : [];
  return [...names, ...inside].find((name) => name.endsWith('.json')) ?? null;
}

/** Throws EVAL_TRUTH where there is nothing that can be read, or a label is wrong. */
export function readLabels(folder: string): LabelledFolder {
  const names = list(folder);
  const own = (format: LabelledFolder['format'], images: LabelledImage[]): LabelledFolder => {
    const files = images.map(({ file }) => fileOf(folder, file));
    refuseTwice(files);
    return { format, images, files };
  };
  const lines = join(folder, 'labels.jsonl');
  if (names.includes('labels.jsonl')) return own('rendered', parseRendered(readFileSync(lines, 'utf8'), lines));
  const coco = cocoFile(folder, names);
  if (coco) return own('coco', parseCoco(readFileSync(join(folder, coco), 'utf8'), join(folder, coco)));
  const { labelled, ...yolo } = readYolo(folder, names);
  if (!labelled) {
    const message = `${folder} holds no labels.jsonl, no COCO *.json and no YOLO labels/*.txt`;
    throw new AppError('EVAL_TRUTH', message);
  }
  return yolo;
}
