/** Writes what a command was asked for, where it was asked for. */
import { mkdir, writeFile } from 'node:fs/promises';
import { AppError } from '../../platform/app-error.ts';

async function said(option: string, path: string, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (cause) {
    throw new AppError('CLI_WRITE', `${option} ${path}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/** Throws CLI_WRITE, which names the option. */
export function writeResult(option: string, path: string, content: string | Uint8Array): Promise<void> {
  return said(option, path, () => writeFile(path, content));
}

/** Throws CLI_WRITE, which names the option. */
export function makeFolder(option: string, path: string): Promise<void> {
  return said(option, path, () => mkdir(path, { recursive: true }));
}
