/** Writes every generated file; with `--check` it writes none and names those that are out of date. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../platform/paths.ts';
import { architecturePage } from './architecture.ts';
import { asyncApiDocument } from './asyncapi.ts';
import { configurationPage, errorsPage } from './docs.ts';
import { edgeSchema, hubSchema } from './json-schema.ts';
import { openApiDocument } from './openapi.ts';

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** Path within the repository → what the file must hold. */
export async function generatedFiles(): Promise<Readonly<Record<string, string>>> {
  return {
    'docs/openapi.json': json(await openApiDocument()),
    'docs/asyncapi.json': json(asyncApiDocument()),
    'configs/schema/edge.json': json(edgeSchema()),
    'configs/schema/hub.json': json(hubSchema()),
    'docs/configuration.md': configurationPage(),
    'docs/errors.md': errorsPage(),
    'docs/architecture.md': architecturePage(current('docs/architecture.md') ?? ''),
  };
}

function current(path: string): string | null {
  try {
    return readFileSync(join(packageRoot(), path), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function main(check: boolean): Promise<void> {
  for (const [path, text] of Object.entries(await generatedFiles())) {
    if (current(path) === text) continue;
    process.stderr.write(`${check ? 'out of date' : 'written'}: ${path}\n`);
    if (check) process.exitCode = 1;
    else {
      mkdirSync(dirname(join(packageRoot(), path)), { recursive: true });
      writeFileSync(join(packageRoot(), path), text);
    }
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(process.argv.includes('--check'));
