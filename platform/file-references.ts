/** Whether what a configuration points at is there: asked before a program starts, so that every gap is told at once. */
import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Fault } from './app-error.ts';

/** `notes`: what is no fault here and now, and worth knowing. */
export type ReferenceReport = { readonly faults: Fault[]; readonly notes: Fault[] };

/** A value inside of one that nobody has checked yet; undefined where there is none. */
export function valueAt(value: unknown, ...steps: readonly (string | number)[]): unknown {
  let found = value;
  for (const step of steps) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Record<string | number, unknown>)[step];
  }
  return found;
}

const whyNot = (cause: unknown): string => {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'no such file';
  return code === 'EACCES' ? 'this user may not read it' : `cannot be read (${code})`;
};

/** Why a file that must be there cannot be read, or null. */
export async function fileFault(path: string, baseDir: string): Promise<string | null> {
  const full = resolve(baseDir, path);
  try {
    await access(full, constants.R_OK);
    return (await stat(full)).isDirectory() ? `${full}: a folder, where a file is wanted` : null;
  } catch (cause) {
    return `${full}: ${whyNot(cause)}`;
  }
}

/** Collects faults of files that a configuration points at; relative paths start at `baseDir`. */
export function createReferences(baseDir: string) {
  const report: ReferenceReport = { faults: [], notes: [] };
  return {
    report,
    fault: (path: string, message: string) => void report.faults.push({ path, message }),
    note: (path: string, message: string) => void report.notes.push({ path, message }),
    /** A file that must be there; anything but a text is the schema's affair. */
    async file(path: string, value: unknown): Promise<void> {
      if (typeof value !== 'string' || value === '') return;
      const message = await fileFault(value, baseDir);
      if (message) report.faults.push({ path, message });
    },
    /** `file:` and `env:`; a variable may be set where the program runs and not where it is checked. */
    async secret(path: string, value: unknown): Promise<void> {
      if (typeof value !== 'string') return;
      if (value.startsWith('env:')) {
        const name = value.slice('env:'.length);
        if (!process.env[name]?.trim()) report.notes.push({ path, message: `${name} is not set in this shell` });
        return;
      }
      if (!value.startsWith('file:')) return;
      const file = value.slice('file:'.length);
      const message = await fileFault(file, baseDir);
      if (message) return void report.faults.push({ path, message });
      const full = resolve(baseDir, file);
      if ((await readFile(full, 'utf8')).trim() === '') report.faults.push({ path, message: `${full}: empty` });
      else if (((await stat(full)).mode & 0o077) !== 0 && process.platform !== 'win32')
        report.notes.push({ path, message: `${full}: others may read it; chmod 600` });
    },
  };
}
