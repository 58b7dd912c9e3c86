/** Where a camera's model lies. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { packageRoot } from '../platform/paths.ts';
import type { CameraConfig, EdgeConfig } from './config.ts';

/** `modelsDir` is relative to the configuration; the folder that comes with the program stands in when it is not there. */
export function modelFolder(
  config: Pick<EdgeConfig, 'modelsDir' | 'model'>,
  camera: Pick<CameraConfig, 'model'>,
  configDir: string,
): string {
  const name = camera.model ?? config.model;
  const beside = resolve(configDir, config.modelsDir ?? 'models', name);
  const shipped = join(packageRoot(), 'models', name);
  return existsSync(beside) || !existsSync(shipped) ? beside : shipped;
}
