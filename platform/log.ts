/** Structured logs (pino), on stderr so that stdout stays for results. Secrets are removed by name. */
import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger;

export function createLog(options: { level?: string; destination?: DestinationStream } = {}): Log {
  return pino(
    {
      level: options.level ?? process.env.KERBWATCH_LOG ?? 'info',
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: ['password', '*.password', 'token', '*.token', 'url', '*.url'], censor: '[removed]' },
    },
    options.destination ?? pino.destination(2),
  );
}

/** A URL without user, password and query, for logs and messages. */
export function publicUrl(url: string): string {
  try {
    const parsed = new URL(url);
    return parsed.host ? `${parsed.protocol}//${parsed.host}${parsed.pathname}` : url;
  } catch {
    return url;
  }
}
