/** A configuration as a program takes it: refused with every fault at once, also of what it points at. */
import { dirname, resolve } from 'node:path';
import type { Static, TSchema } from '@sinclair/typebox';
import type { Fault } from './app-error.ts';
import type { ReferenceReport } from './file-references.ts';
import { checkConfig, configFaults, refuseFaults } from './load-config.ts';
import { lineOf } from './read-yaml.ts';

export type AcceptedConfig<S extends TSchema> = {
  readonly config: Static<S>;
  /** Folder that relative paths count from. */
  readonly configDir: string;
  /** What is no fault here and now, and worth knowing. */
  readonly notes: readonly Fault[];
};

/** @param report what the references of `value` have against it. @throws CFG_INVALID */
export function acceptConfig<S extends TSchema>(
  schema: S,
  value: unknown,
  file: string,
  report: ReferenceReport,
): AcceptedConfig<S> {
  refuseFaults([...configFaults(schema, value), ...report.faults], value, file);
  const notes = report.notes.map((note) => {
    const line = lineOf(value, note.path);
    return line === null ? note : { ...note, line };
  });
  return { config: checkConfig(schema, value, file), configDir: dirname(resolve(file)), notes };
}
