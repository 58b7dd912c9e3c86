/** A configuration of either program, checked with what it points at. */
import { readEdgeConfig } from '../../edge/read-config.ts';
import { hubCalendar } from '../../hub/cases/settings.ts';
import { readHubConfig } from '../../hub/read-config.ts';
import type { Fault } from '../../platform/app-error.ts';
import { endOfCalendar, readCalendar } from '../../platform/calendar.ts';
import { readYaml } from '../../platform/read-yaml.ts';

export type CheckedConfig = {
  readonly side: 'edge' | 'hub';
  /** Day to which the calendar is known, or null. */
  readonly calendarKnownUntil: string | null;
  readonly notes: readonly Fault[];
};

/** An edge has cameras or a node's name; a hub has neither. */
function isEdge(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('cameras' in value || 'node' in value || 'uplink' in value);
}

async function read(file: string, value: unknown) {
  if (isEdge(value)) {
    const { config, configDir, notes } = await readEdgeConfig(file, { value, sources: true });
    return { side: 'edge', notes, calendar: await readCalendar(config.calendar, configDir) } as const;
  }
  const { config, configDir, notes } = await readHubConfig(file, value);
  return { side: 'hub', notes, calendar: await readCalendar(hubCalendar(config), configDir) } as const;
}

/** @param now ms since the epoch. @throws CFG_NOT_FOUND, CFG_SYNTAX, CFG_INVALID */
export async function checkConfigFile(file: string, now: number): Promise<CheckedConfig> {
  const { side, notes, calendar } = await read(file, await readYaml(file));
  const ending = endOfCalendar(calendar, now);
  return {
    side,
    calendarKnownUntil: calendar.knownUntil ?? null,
    notes: ending ? [...notes, { path: 'calendar', message: ending }] : notes,
  };
}
