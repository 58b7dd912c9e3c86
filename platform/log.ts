/** Structured logs (pino), on stderr so that stdout stays for results. Secrets are removed by name. */
import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger;

/** JSON lines on stdout (pino), without passwords, tokens and addresses; `level` falls back to KERBWATCH_LOG, then info. */
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

/**
 * A URL without user, password and query, for logs and messages. A password that nobody has encoded may hold any sign, so
 * whatever stands before the last @ goes, wherever a strict reader would see the host begin.
 */
export function publicUrl(url: string): string {
  const [start = '', scheme = ''] = /^([a-z][a-z0-9+.-]+:)(?:\/\/)?/i.exec(url) ?? [];
  if (scheme === '' || scheme.toLowerCase() === 'file:') return url;
  const bare = `${start}${url.slice(Math.max(start.length, url.lastIndexOf('@') + 1))}`.replace(/[?#].*$/s, '');
  if (!URL.canParse(bare)) return bare;
  const { protocol, host, pathname } = new URL(bare);
  return host ? `${protocol}//${host}${pathname}` : bare;
}
