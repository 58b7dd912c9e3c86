/** What an edge configuration points at: secrets, certificates, models, files that stand for cameras. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createReferences, type ReferenceReport, valueAt } from '../platform/file-references.ts';
import { packageRoot } from '../platform/paths.ts';
import { modelFolder } from './model-folder.ts';

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

function namesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, 'model.yaml')));
}

/** Why no model of this name can be used, or null. */
function modelFault(value: unknown, model: string, configDir: string): string | null {
  const modelsDir = text(valueAt(value, 'modelsDir'));
  const folder = modelFolder({ model, ...(modelsDir === undefined ? {} : { modelsDir }) }, {}, configDir);
  if (existsSync(join(folder, 'model.yaml'))) return null;
  const names = [...new Set([...namesIn(join(folder, '..')), ...namesIn(join(packageRoot(), 'models'))])].sort();
  return `no model is called ${model}; there are ${names.join(', ')}`;
}

/**
 * @param value a configuration that may still have other faults
 * @param sources false: a camera's missing file is the camera's own affair, as it is for a node that runs
 */
export async function edgeReferences(
  value: unknown,
  configDir: string,
  { sources }: { readonly sources: boolean },
): Promise<ReferenceReport> {
  const found = createReferences(configDir);
  const model = (path: string, name: string | undefined) => {
    const message = name === undefined ? null : modelFault(value, name, configDir);
    if (message) found.fault(path, message);
  };
  model('model', text(valueAt(value, 'model')));
  await found.secret('uplink.password', valueAt(value, 'uplink', 'password'));
  await found.file('uplink.ca', valueAt(value, 'uplink', 'ca'));
  const cameras = valueAt(value, 'cameras');
  for (const [i, camera] of (Array.isArray(cameras) ? cameras : []).entries()) {
    model(`cameras[${i}].model`, text(valueAt(camera, 'model')));
    await found.secret(`cameras[${i}].source.password`, valueAt(camera, 'source', 'password'));
    const url = text(valueAt(camera, 'source', 'url'));
    if (sources && url && !/^[a-z][a-z0-9+.-]+:/i.test(url)) await found.file(`cameras[${i}].source.url`, url);
  }
  return found.report;
}
