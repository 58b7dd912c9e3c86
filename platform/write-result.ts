/** Writes what a command was asked for, where it was asked for. */
import { mkdir, writeFile } from 'node:fs/promises';
import { AppError } from './app-error.ts';

async function attempt(option: string, path: string, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (cause) {
    throw new AppError('CLI_WRITE', `${option} ${path}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/** A file, replaced where there is one. @throws CLI_WRITE, which names the option */
export function writeResult(option: string, path: string, content: string | Uint8Array): Promise<void> {
  return attempt(option, path, () => writeFile(path, content));
}

/** A folder with those around it. @throws CLI_WRITE, which names the option */
export function makeFolder(option: string, path: string): Promise<void> {
  return attempt(option, path, () => mkdir(path, { recursive: true }));
}
