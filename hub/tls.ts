/** Certificate and key from files: read, held to each other, and read again when they change. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createSecureContext, type Server } from 'node:tls';
import { AppError } from '../platform/app-error.ts';
import type { Log } from '../platform/log.ts';

export type TlsPaths = { readonly cert: string; readonly key: string };
export type TlsFiles = { readonly cert: Buffer; readonly key: Buffer };

const CHECK_MS = 60_000;

/** @throws HUB_TLS */
export async function readTls(paths: TlsPaths, configDir = '.'): Promise<TlsFiles> {
  const read = (path: string) =>
    readFile(resolve(configDir, path)).catch((cause: NodeJS.ErrnoException) => {
      throw new AppError('HUB_TLS', `${path}: ${cause.code ?? cause.message}`, { cause });
    });
  const files = { cert: await read(paths.cert), key: await read(paths.key) };
  try {
    createSecureContext(files);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('HUB_TLS', `${paths.cert}, ${paths.key}: ${why}`, { cause });
  }
  return files;
}

/** A renewed certificate is taken up within a minute, without a restart. @returns a function that ends the watch */
export function renewTls(
  server: Pick<Server, 'setSecureContext'>,
  current: TlsFiles,
  paths: TlsPaths,
  configDir: string,
  log: Log,
  everyMs = CHECK_MS,
) {
  let known = current;
  async function check(): Promise<void> {
    const files = await readTls(paths, configDir);
    if (known.cert.equals(files.cert) && known.key.equals(files.key)) return;
    server.setSecureContext(files);
    known = files;
    log.info({ cert: paths.cert }, 'certificate renewed');
  }
  // Half-written files do no harm: the old pair goes on until both fit each other.
  const tryCheck = () =>
    void check().catch((error: unknown) => log.warn({ err: error }, 'certificate is not taken up'));
  const timer = setInterval(tryCheck, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
