/** A unit's roster as people write it in a form: one shift a line. Pure. */
import type { DutyShift } from './api/unit.ts';
import { readWindows, writeWindows } from './windows-text.ts';

const PARTS = /\s*[|｜]\s*/;

/**
 * @param text a shift a line: name | hours | telephone, the last of which may be left out
 * @returns null where a line cannot be read
 * @example readRoster('早班 | 1-5 06:00-14:00 | 0595-1234')
 */
export function readRoster(text: string): DutyShift[] | null {
  const shifts: DutyShift[] = [];
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '') continue;
    const [name = '', hours = '', contact = '', ...more] = line.split(PARTS);
    const windows = readWindows(hours);
    if (name === '' || windows === null || windows.length === 0 || more.length > 0) return null;
    shifts.push({ name, windows, ...(contact === '' ? {} : { contact }) });
  }
  return shifts;
}

/** What `readRoster` reads back. @example '早班 | 1-5 06:00-14:00 | 0595-1234' */
export function writeRoster(roster: readonly DutyShift[]): string {
  return roster
    .map(({ name, windows, contact }) => [name, writeWindows(windows), ...(contact ? [contact] : [])].join(' | '))
    .join('\n');
}
