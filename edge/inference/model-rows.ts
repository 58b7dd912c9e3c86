/** Rows of `kerbwatch models verify` and `bench`: does a model work on this machine, and how fast? */
import { chosenModels, type ModelFolder, type ModelRow } from '../models/model-rows.ts';
import { measureModel, type Times } from './measure-model.ts';
import { verifyModel } from './verify-model.ts';

type Accepting = ModelFolder & { readonly acceptLicence: readonly string[] };

/** One row a model, and for a person one more a fault; `state` is good, bad, or not here. */
export async function* verifyRows(name: string | undefined, options: Accepting): AsyncGenerator<ModelRow> {
  for (const model of await chosenModels(options, name)) {
    if (name === undefined && 'present' in model && !model.present) {
      yield { name: model.name, state: 'not here' };
      continue;
    }
    const { version, sha256, faults } = await verifyModel(model.folder, { acceptLicences: options.acceptLicence });
    const state = faults.length === 0 ? 'good' : 'bad';
    yield { name: model.name, state, version, sha256, ...(options.json ? { faults } : {}) };
    if (!options.json) for (const { path, message } of faults) yield { fault: `  ${path}: ${message}` };
  }
}

const described = ({ min, median, p95 }: Times): string =>
  `${min.toFixed(2)} / ${median.toFixed(2)} / ${p95.toFixed(2)}`;

/** One row a model and number of threads; times in ms, as minimum, median and p95. @throws EDGE_MODEL_* */
export async function* timingRows(
  name: string | undefined,
  options: Accepting & { readonly frames: number },
): AsyncGenerator<ModelRow> {
  const shown = (times: Times) => (options.json ? times : described(times));
  for (const model of await chosenModels(options, name)) {
    if (name === undefined && !('present' in model && model.present)) continue;
    const order = { threads: [1, 2], frames: options.frames, acceptLicences: options.acceptLicence };
    for (const { threads, frameMs, preprocessMs, decodeMs } of await measureModel(model.folder, order)) {
      yield {
        name: model.name,
        threads,
        frameMs: shown(frameMs),
        preprocessMs: shown(preprocessMs),
        decodeMs: shown(decodeMs),
      };
    }
  }
}
