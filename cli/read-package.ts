/** Reads an exported case from a folder: its document, and its files one by one as they are asked for. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PACKAGE_DOCUMENT, PACKAGE_EVIDENCE } from '../contracts/package.ts';
import { AppError } from '../platform/app-error.ts';
import type { PackageFiles } from '../platform/package-verify.ts';

/** A file's bytes, or null where there is none. */
function readOptional(path: string): Uint8Array | null {
  try {
    return readFileSync(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new AppError('VERIFY_FAILED', `${path} cannot be read`, { cause });
  }
}

/** Throws VERIFY_FAILED where there is no document or it is not JSON. */
export function readPackage(path: string): { document: unknown; files: PackageFiles } {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const file = isFolder ? join(path, PACKAGE_DOCUMENT) : path;
  const text = readOptional(file);
  if (text === null) throw new AppError('VERIFY_FAILED', `${file} does not exist`);
  try {
    const document = JSON.parse(Buffer.from(text).toString('utf8')) as unknown;
    return { document, files: (name) => readOptional(join(dirname(file), PACKAGE_EVIDENCE, name)) };
  } catch (cause) {
    throw new AppError('VERIFY_FAILED', `${file} is not JSON`, { cause });
  }
}
