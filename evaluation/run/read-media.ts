/** Reads a folder of clips with truth: every fault of every file at once. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, type Fault } from '../../platform/app-error.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import type { MediaFile } from '../report/media-report.ts';
import { parseBoxes, parseTruth, type Truth, type TruthFrame } from '../truth/truth.ts';

export type MediaClip = {
  readonly file: string;
  readonly truth: Truth;
  readonly frames: readonly TruthFrame[];
  readonly facts: MediaFile;
};

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new AppError('EVAL_TRUTH', `${file} cannot be read`, { cause });
  }
}

function parseFile(file: string): Truth {
  const text = readText(file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AppError('EVAL_TRUTH', `${file}: not JSON`, { cause });
  }
  return parseTruth(value, file);
}

function readClip(media: string, name: string): MediaClip {
  const truthFile = join(media, name);
  const truth = parseFile(truthFile);
  const file = join(media, truth.clip);
  if (!existsSync(file)) {
    const faults = [{ path: 'clip', message: `${truth.clip} does not lie beside it` }];
    throw new AppError('EVAL_TRUTH', `${truthFile}: 1 fault`, { faults });
  }
  const boxes = truth.boxes === undefined ? null : readText(join(media, truth.boxes));
  return {
    file,
    truth,
    frames: boxes === null ? [] : parseBoxes(boxes, join(media, truth.boxes ?? '')),
    facts: {
      clip: truth.clip,
      seed: truth.scene?.seed ?? null,
      ...(truth.scene?.composite ? { composite: true } : {}),
      sha256: sha256Hex(readFileSync(file)),
      truthSha256: sha256Hex(readFileSync(truthFile)),
      boxesSha256: boxes === null ? null : sha256Hex(Buffer.from(boxes)),
    },
  };
}

/** Several bad files make one error: each fault with its file. */
function refuseAll(refused: readonly { readonly name: string; readonly error: AppError }[]): never {
  const [only] = refused;
  if (only && refused.length === 1) throw only.error;
  const faults = refused.flatMap(({ name, error }): Fault[] =>
    error.faults.length === 0
      ? [{ path: name, message: error.message }]
      : error.faults.map(({ path, message }) => ({ path: `${name} ${path}`, message })),
  );
  throw new AppError('EVAL_TRUTH', `${refused.length} files`, { faults });
}

/** Clips in the order of their names. @throws EVAL_TRUTH */
export function readMedia(media: string): MediaClip[] {
  let names: string[];
  try {
    names = readdirSync(media).filter((name) => name.endsWith('.truth.json'));
  } catch (cause) {
    throw new AppError('EVAL_TRUTH', `${media} cannot be read`, { cause });
  }
  if (names.length === 0) throw new AppError('EVAL_TRUTH', `${media} holds no *.truth.json`);
  const refused: { name: string; error: AppError }[] = [];
  const clips = names.sort().flatMap((name): MediaClip[] => {
    try {
      return [readClip(media, name)];
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      refused.push({ name, error });
      return [];
    }
  });
  if (refused.length > 0) refuseAll(refused);
  return clips;
}
