/** What an edge configuration points at, and what is valid in it and not wise: secrets, files, models, cameras' addresses. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createReferences, type ReferenceReport, valueAt } from '../platform/file-references.ts';
import { packageRoot } from '../platform/paths.ts';
import { isValid } from '../platform/validate.ts';
import { Aspect } from './config.ts';
import { aspectRatio } from './domain/aspect.ts';
import { areFittedTo, CameraScores } from './domain/camera-scores.ts';
import { int8Folder, modelFolder } from './models/model-folder.ts';
import { cameraScoreFaults, labelsOf, readCard } from './models/read-card.ts';
import { isFilePath } from './settings.ts';

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

type References = ReturnType<typeof createReferences>;

function namesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, 'model.yaml')));
}

function folderOf(value: unknown, model: string, configDir: string): string {
  const modelsDir = text(valueAt(value, 'modelsDir'));
  return modelFolder({ model, ...(modelsDir === undefined ? {} : { modelsDir }) }, {}, configDir);
}

/** Why no model of this name can be used so, or null. */
function modelFault(value: unknown, model: string, precision: unknown, configDir: string): string | null {
  const folder = folderOf(value, model, configDir);
  if (existsSync(join(folder, 'model.yaml'))) {
    if (precision !== 'int8' || folder.endsWith('-int8') || int8Folder(folder) !== null) return null;
    return `${model} has no 8-bit form (${model}-int8) beside it: say fp32 or auto`;
  }
  const names = [...new Set([...namesIn(join(folder, '..')), ...namesIn(join(packageRoot(), 'models'))])].sort();
  return `no model is called ${model}; there are ${names.join(', ')}`;
}

/** Cameras that take a login in the path or the query have no other way; one before an `@` belongs into the keys. */
function addressNote(url: string): string | null {
  if (isFilePath(url)) return null;
  if (/^[a-z][a-z0-9+.-]+:\/\/[^/?#]*@/i.test(url))
    return 'the login stands in the address: move it into `user` and `password` (file:PATH or env:NAME)';
  return /[?&/](pass|passwd|password|pwd)=[^&/]/i.test(url)
    ? 'a password stands in the address: let nobody else read this file (chmod 600)'
    : null;
}

/** One stream: `source`, or `source.analyse`. */
async function streamReferences(found: References, path: string, stream: unknown, sources: boolean): Promise<void> {
  await found.secret(`${path}.password`, valueAt(stream, 'password'));
  if (valueAt(stream, 'password') !== undefined && valueAt(stream, 'user') === undefined)
    found.note(`${path}.password`, 'has no effect without `user` beside it');
  const aspect = valueAt(stream, 'aspect');
  if (isValid(Aspect, aspect) && aspectRatio(aspect) === null)
    found.fault(`${path}.aspect`, 'width over height must lie between 0.2 and 5');
  const url = text(valueAt(stream, 'url'));
  if (url === undefined) return;
  const note = addressNote(url);
  if (note) found.note(`${path}.url`, note);
  if (sources && isFilePath(url)) await found.file(`${path}.url`, url);
}

async function sourceReferences(found: References, path: string, source: unknown, sources: boolean): Promise<void> {
  await streamReferences(found, path, source, sources);
  const analyse = valueAt(source, 'analyse');
  if (analyse !== undefined) await streamReferences(found, `${path}.analyse`, analyse, sources);
  else if (valueAt(source, 'main') !== undefined) found.note(`${path}.main`, 'has no effect without `analyse`');
}

/** A camera's own scores: labels must be the model's, and numbers fitted to another model do nothing. */
async function scoreReferences(found: References, path: string, scores: unknown, folder: string): Promise<void> {
  if (!isValid(CameraScores, scores) || !existsSync(join(folder, 'model.yaml'))) return;
  const card = await readCard(folder).catch(() => null);
  // A card that cannot be read is a fault of its own, and told when the model is loaded.
  if (!card) return;
  if (areFittedTo(scores, card)) {
    for (const fault of cameraScoreFaults(scores, labelsOf(card), path)) found.fault(fault.path, fault.message);
  } else {
    found.note(`${path}.fittedTo`, `has no effect: the camera’s model is ${card.name} ${card.version}`);
  }
}

/** Keys that are still read, so that a node starts after an update. */
function deprecatedKeys(found: References, value: unknown): void {
  if (valueAt(value, 'ffmpeg') !== undefined) found.note('ffmpeg', 'has no effect: decoding is built in; leave it out');
  if (valueAt(value, 'inferenceWorkers') !== undefined)
    found.note('inferenceWorkers', valueAt(value, 'hosts') === undefined ? 'is now called `hosts`' : '`hosts` wins');
}

/** The same of one camera. */
function deprecatedCameraKeys(found: References, path: string, camera: unknown): void {
  if (valueAt(camera, 'source', 'stallSeconds') !== undefined)
    found.note(`${path}.source.stallSeconds`, 'is now called `timeoutSeconds`');
  if (valueAt(camera, 'gate') !== undefined)
    found.note(
      `${path}.gate`,
      valueAt(camera, 'changeDetector') === undefined
        ? 'is now called `changeDetector`, and its `forcedLookSeconds` `maxIntervalSeconds`'
        : '`changeDetector` wins',
    );
}

/**
 * What a configuration points at, and what in it is valid and not wise.
 *
 * @param value a configuration that may still have other faults
 * @param sources false: a camera's missing file is the camera's own affair, as it is for a node that runs
 */
export async function edgeReferences(
  value: unknown,
  configDir: string,
  { sources }: { readonly sources: boolean },
): Promise<ReferenceReport> {
  const found = createReferences(configDir);
  const model = (path: string, name: string | undefined, precision: unknown) => {
    const message = name === undefined ? null : modelFault(value, name, precision, configDir);
    if (message) found.fault(path, message);
  };
  const [named, precision] = [text(valueAt(value, 'model')), valueAt(value, 'precision')];
  model('model', named, precision);
  deprecatedKeys(found, value);
  await found.secret('uplink.password', valueAt(value, 'uplink', 'password'));
  await found.file('uplink.ca', valueAt(value, 'uplink', 'ca'));
  const cameras = valueAt(value, 'cameras');
  for (const [i, camera] of (Array.isArray(cameras) ? cameras : []).entries()) {
    const [own, ownPrecision] = [text(valueAt(camera, 'model')), valueAt(camera, 'precision')];
    if (own !== undefined || ownPrecision !== undefined)
      model(`cameras[${i}].${own === undefined ? 'precision' : 'model'}`, own ?? named, ownPrecision ?? precision);
    deprecatedCameraKeys(found, `cameras[${i}]`, camera);
    const used = own ?? named;
    if (used !== undefined)
      await scoreReferences(found, `cameras[${i}].scores`, valueAt(camera, 'scores'), folderOf(value, used, configDir));
    await sourceReferences(found, `cameras[${i}].source`, valueAt(camera, 'source'), sources);
  }
  return found.report;
}
