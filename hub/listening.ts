/** How the hub listens, its API and its broker alike: the address for this machine, TLS, and a word where it is open. */
import type { Server as TlsServer } from 'node:tls';
import type { Disposer } from '../platform/disposer.ts';
import type { Log } from '../platform/log.ts';
import { readTls, renewTls, type TlsFiles, type TlsPaths } from './tls.ts';

export const LOOPBACK = '127.0.0.1';

const OPEN = 'open to the network without TLS: passwords and pictures can be read on the way; set tls, or 127.0.0.1';
const isLoopback = (host: string) => host === 'localhost' || host === '::1' || host.startsWith('127.');

/** Where a program of this machine finds what listens on `host`. */
export const reachable = (host: string) => (host === '0.0.0.0' || host === '::' ? LOOPBACK : host);

/** @param key of the configuration, which says where it listens */
export function warnIfOpen(key: string, { host, port }: { host: string; port: number }, log: Log): void {
  if (!isLoopback(host)) log.warn({ host, port }, `${key}: ${OPEN}`);
}

export type Certificate = {
  readonly files: TlsFiles;
  /** Takes a renewed certificate up for as long as the server is open. */
  keepFresh(server: Pick<TlsServer, 'setSecureContext'>, disposer: Disposer): void;
};

/** @returns null where no TLS is set up @throws HUB_TLS */
export async function openCertificate(
  paths: TlsPaths | undefined,
  { configDir = '.', log }: { readonly configDir?: string; readonly log: Log },
): Promise<Certificate | null> {
  if (!paths) return null;
  const files = await readTls(paths, configDir);
  return {
    files,
    keepFresh(server, disposer) {
      const end = renewTls(server, files, paths, configDir, log);
      disposer.add('its certificate', async () => end());
    },
  };
}
