/** A configuration as the programs take it: read, and refused with every fault at once, also of what it points at. */
import { dirname, resolve } from 'node:path';
import type { Static, TSchema } from '@sinclair/typebox';
import { EdgeConfig } from '../../edge/config.ts';
import { edgeReferences } from '../../edge/config-references.ts';
import { hubCalendar } from '../../hub/cases/settings.ts';
import { HubConfig } from '../../hub/config.ts';
import { hubReferences } from '../../hub/config-references.ts';
import type { Fault } from '../../platform/app-error.ts';
import { endOfCalendar, readCalendar } from '../../platform/calendar.ts';
import type { ReferenceReport } from '../../platform/file-references.ts';
import { checkConfig, configFaults, refuseFaults } from '../../platform/load-config.ts';
import { lineOf, readYaml } from '../../platform/read-yaml.ts';

export type ReadConfig<S extends TSchema> = {
  readonly config: Static<S>;
  /** Folder that relative paths count from. */
  readonly configDir: string;
  readonly notes: readonly Fault[];
};

function take<S extends TSchema>(schema: S, value: unknown, file: string, report: ReferenceReport): ReadConfig<S> {
  refuseFaults([...configFaults(schema, value), ...report.faults], value, file);
  const notes = report.notes.map((note) => {
    const line = lineOf(value, note.path);
    return line === null ? note : { ...note, line };
  });
  return { config: checkConfig(schema, value, file), configDir: dirname(resolve(file)), notes };
}

/** @throws CFG_NOT_FOUND, CFG_SYNTAX, CFG_INVALID */
export async function readEdgeConfig(
  file: string,
  { value, sources = false }: { readonly value?: unknown; readonly sources?: boolean } = {},
): Promise<ReadConfig<typeof EdgeConfig>> {
  const read = value ?? (await readYaml(file));
  return take(EdgeConfig, read, file, await edgeReferences(read, dirname(resolve(file)), { sources }));
}

/** @throws CFG_NOT_FOUND, CFG_SYNTAX, CFG_INVALID */
export async function readHubConfig(file: string, value?: unknown): Promise<ReadConfig<typeof HubConfig>> {
  const read = value ?? (await readYaml(file));
  return take(HubConfig, read, file, await hubReferences(read, dirname(resolve(file))));
}

/** To which day the calendar of a configuration is known, and a note where that day is near or over. */
export async function calendarNotes(
  { config, configDir }: ReadConfig<typeof EdgeConfig> | ReadConfig<typeof HubConfig>,
  now: number,
): Promise<{ readonly knownUntil: string | null; readonly notes: readonly Fault[] }> {
  const calendar = await readCalendar('node' in config ? config.calendar : hubCalendar(config as HubConfig), configDir);
  const ending = endOfCalendar(calendar, now);
  return { knownUntil: calendar.knownUntil ?? null, notes: ending ? [{ path: 'calendar', message: ending }] : [] };
}
