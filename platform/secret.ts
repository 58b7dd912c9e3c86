/** Secrets come by reference only: `file:/path` or `env:NAME`. They are never in a configuration, a log or a URL. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from './app-error.ts';

/**
 * What `file:PATH` or `env:NAME` points at, without white space around it.
 *
 * @throws CFG_SECRET
 */
export async function readSecret(reference: string, baseDir = '.'): Promise<string> {
  const value = reference.startsWith('env:')
    ? process.env[reference.slice(4)]
    : await readFile(resolve(baseDir, reference.slice('file:'.length)), 'utf8').catch((cause: unknown) => {
        throw new AppError('CFG_SECRET', reference, { cause });
      });
  const secret = value?.trim();
  if (!secret) throw new AppError('CFG_SECRET', `${reference} is empty or not set`);
  return secret;
}
