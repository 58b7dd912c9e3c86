/** The console as the hub serves it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../platform/paths.ts';

/** `npm test` builds the console first; a bare vitest run on a fresh tree builds it here. */
export async function buildConsole(): Promise<void> {
  const built = join(packageRoot(), 'dist/console/index.html');
  if (existsSync(built)) return;
  const { build } = await import('vite');
  await build({ configFile: join(packageRoot(), 'hub/console/vite.config.ts'), logLevel: 'error' });
  if (!existsSync(built)) throw new Error('the console was not built');
}
