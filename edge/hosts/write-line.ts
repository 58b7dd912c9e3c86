/** A host's log line, written by the main process into its own log. */
import type { Log } from '../../platform/log.ts';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

/** @param line JSON, as pino writes it */
export function writeLine(log: Log, line: string): void {
  const { level, time: _time, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const name = LEVELS.find((known) => known === level) ?? 'info';
  log[name](fields, typeof msg === 'string' ? msg : '');
}
