/** Does a model work on this machine? */
import { join } from 'node:path';
import { AppError, type Fault } from '../../platform/app-error.ts';
import type { ModelSpec } from '../detectors/model-spec.ts';
import { shapeFaults } from '../models/check-shape.ts';
import { type LicenceAnswer, licenceFault } from '../models/licence.ts';
import { readCard, specOf } from '../models/read-card.ts';
import { inspectWeights } from '../models/weights.ts';
import { openSession, runtimeMessage } from './session.ts';

export type ModelCheck = {
  readonly version: string | null;
  readonly sha256: string | null;
  readonly faults: readonly Fault[];
};

async function graphFaults(spec: ModelSpec, bytes: Uint8Array): Promise<Fault[]> {
  try {
    const session = await openSession(spec, bytes);
    await session.close();
    return shapeFaults(spec, session.graph);
  } catch (error) {
    return [{ path: 'file', message: runtimeMessage(error) }];
  }
}

/** Everything that is wrong with a model at once: card, licence, hash, what the runtime says, shapes. */
export async function verifyModel(modelDir: string, answer: LicenceAnswer = {}): Promise<ModelCheck> {
  try {
    const card = await readCard(modelDir);
    const licence = licenceFault(card.licence, answer);
    const faults: Fault[] = licence ? [{ path: 'licence', message: licence }] : [];
    const { bytes, sha256, fault } = await inspectWeights(card, modelDir).catch((error: unknown) => {
      if (!(error instanceof AppError)) throw error;
      return { bytes: null, sha256: null, fault: null };
    });
    if (!bytes) {
      faults.push({ path: 'file', message: `${join(modelDir, card.file)} is not there` });
      return { version: card.version, sha256: null, faults };
    }
    if (fault) faults.push({ path: 'sha256', message: fault });
    faults.push(...(await graphFaults(specOf(card, sha256), bytes)));
    return { version: card.version, sha256, faults };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const faults = error.faults.length > 0 ? error.faults : [{ path: 'model.yaml', message: error.message }];
    return { version: null, sha256: null, faults };
  }
}
