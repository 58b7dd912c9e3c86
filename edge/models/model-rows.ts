/** Rows of `kerbwatch models list` and `pull`: a folder's models with licence, weights and figures; weights fetched. */
import { join, resolve } from 'node:path';
import { AppError, describeError } from '../../platform/app-error.ts';
import { packageRoot } from '../../platform/paths.ts';
import { licenceFault } from './licence.ts';
import { type BrokenModel, type ListedModel, listModels } from './list-models.ts';
import { pullModel } from './pull-model.ts';

export type ModelRow = Readonly<Record<string, unknown>>;
export type ModelFolder = {
  /** Folder of models; default: the one that comes with the program. */
  readonly models?: string;
  /** Whole values, for a program; else what a person reads. */
  readonly json: boolean;
};

/** The models of the folder, or the one of that name. @throws EDGE_MODEL_CARD when there is none */
export async function chosenModels(
  { models: folder }: ModelFolder,
  name?: string,
): Promise<(ListedModel | BrokenModel)[]> {
  const models = await listModels(resolve(folder ?? join(packageRoot(), 'models')));
  const chosen = models.filter((model) => name === undefined || model.name === name);
  if (name !== undefined && chosen.length === 0) {
    const names = models.map((model) => model.name).join(', ');
    throw new AppError('EDGE_MODEL_CARD', `no model is called ${name}; there are ${names}`);
  }
  return chosen;
}

/** The headline of a card's figures, with what they were counted on; the card and JSON have the rest. */
function headline(measured: unknown): string | null {
  if (typeof measured !== 'object' || measured === null) return null;
  const { ap50, ap, on } = measured as { ap50?: unknown; ap?: unknown; on?: unknown };
  const figures = [typeof ap50 === 'number' ? `AP50 ${ap50}` : '', typeof ap === 'number' ? `AP ${ap}` : ''];
  const text = figures.filter(Boolean).join(', ');
  return text === '' ? null : `${text}${typeof on === 'string' ? ` on ${on}` : ''}`;
}

/** Every model; a card that is wrong gives its fault. */
export async function* modelRows(options: ModelFolder): AsyncGenerator<ModelRow> {
  for (const model of await chosenModels(options)) {
    if ('fault' in model) {
      yield { name: model.name, fault: model.fault.message };
      continue;
    }
    const { name, card, present, sha256 } = model;
    yield {
      name,
      version: card.version,
      family: card.family,
      licence: card.licence,
      use: licenceFault(card.licence) ? 'only when asked for' : null,
      input: `${card.input.width}x${card.input.height}`,
      weights: present ? 'here' : 'not here',
      sha256: options.json ? sha256 : `sha256 ${sha256 === null ? 'to be given' : `${sha256.slice(0, 12)}…`}`,
      url: options.json || !present ? (card.url ?? null) : null,
      measured: options.json ? (card.measured ?? null) : headline(card.measured),
    };
  }
}

const MEGABYTE = 1_000_000;
/** Progress is written each time so much more is there. */
const STEP = 0.1;
/** Stands for the size of a file that does not say its own. */
const UNKNOWN_SIZE = 50 * MEGABYTE;

function progressOf(name: string, write: (line: string) => void): (done: number, total: number | null) => void {
  let written = 0;
  return (done, total) => {
    const share = done / (total ?? UNKNOWN_SIZE);
    if (share < written + STEP) return;
    written = Math.floor(share / STEP) * STEP;
    const whole = total === null ? '' : ` of ${(total / MEGABYTE).toFixed(1)}`;
    write(`${name}: ${(done / MEGABYTE).toFixed(1)}${whole} MB`);
  };
}

export type PullRowsOptions = ModelFolder & {
  readonly acceptLicence: readonly string[];
  /** A folder, or an http(s) address; default: the card's. */
  readonly from?: string;
  /** What the file must hash to, where the card does not say. */
  readonly sha256?: string;
  /** Takes lines of progress. */
  readonly progress: (line: string) => void;
};

/**
 * Weights fetched and held to their hash: of one model, or of all that are missing and whose hash is known.
 * A row with `fault` is a model that was not fetched; a model that was named throws instead.
 * @throws EDGE_MODEL_CARD, EDGE_MODEL_FETCH, EDGE_MODEL_HASH
 */
export async function* pullRows(name: string | undefined, options: PullRowsOptions): AsyncGenerator<ModelRow> {
  for (const model of await chosenModels(options, name)) {
    try {
      if ('fault' in model) throw model.fault;
      if (name === undefined && (model.present || model.sha256 === null)) continue;
      const { file } = await pullModel(model, {
        ...(options.from === undefined ? {} : { from: options.from }),
        ...(options.sha256 === undefined ? {} : { sha256: options.sha256 }),
        acceptLicences: options.acceptLicence,
        onProgress: progressOf(model.name, options.progress),
      });
      yield { name: model.name, licence: model.card.licence, file };
    } catch (error) {
      if (name !== undefined) throw error;
      yield { name: model.name, fault: describeError(error) };
    }
  }
}
