/** Files of the house as text, for tests that read it. */
import { cpSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../platform/paths.ts';

/** `file`: its path from the root of the house. */
export type Source = { readonly file: string; readonly text: string };

/** TypeScript of the product, no test of it. */
export const isProductFile = (file: string): boolean => /(?<!\.test)\.tsx?$/.test(file) && !file.includes('/fixtures/');

/** Everything below the folders that `wanted` takes. */
export function sourcesIn(folders: readonly string[], wanted: (file: string) => boolean = isProductFile): Source[] {
  return folders.flatMap((folder) =>
    readdirSync(join(packageRoot(), folder), { withFileTypes: true }).flatMap((entry): Source[] => {
      const file = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return sourcesIn([file], wanted);
      return wanted(file) ? [{ file, text: readFileSync(join(packageRoot(), file), 'utf8') }] : [];
    }),
  );
}

/** Parts of the house in another folder, beside the same packages: what is added there shows what an addition asks for. */
export function copyHouse(to: string, paths: readonly string[], wanted: (file: string) => boolean = () => true): void {
  for (const path of paths) cpSync(join(packageRoot(), path), join(to, path), { recursive: true, filter: wanted });
  symlinkSync(join(packageRoot(), 'node_modules'), join(to, 'node_modules'));
}
