/** The folder and the port of a demo: taken before anything is removed, so that a second demo cannot harm the first. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { lockFolder } from '../edge/outbox/index.ts';
import { AppError } from '../platform/app-error.ts';

export const DEMO_PORT = 8080;

export type DemoPlace = {
  /** Empty: each demo starts anew, for yesterday's cases would hide whether today's arrive. */
  readonly dataDir: string;
  readonly release: () => void;
};

const taken = (port: number, why: string, cause: unknown) =>
  new AppError('HUB_PORT', `${why}; choose another: npm run demo -- --port ${port + 1}`, { cause });

async function tryPort(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => server.close(() => resolve()));
  }).catch((cause: NodeJS.ErrnoException) => {
    throw taken(port, `port ${port} of this machine is taken (${cause.code}), perhaps by another demo`, cause);
  });
}

/** @param folder where demos keep what they write. @throws HUB_PORT when a demo, or something else, is there already */
export async function takePlace(folder: string, port: number): Promise<DemoPlace> {
  if (port !== 0) await tryPort(port);
  mkdirSync(folder, { recursive: true });
  if (port === 0) {
    const dataDir = mkdtempSync(join(folder, 'demo-'));
    return { dataDir, release: () => rmSync(dataDir, { recursive: true, force: true }) };
  }
  const dataDir = join(folder, port === DEMO_PORT ? 'demo' : `demo-${port}`);
  let unlock: () => void;
  try {
    mkdirSync(`${dataDir}.lock`, { recursive: true });
    unlock = lockFolder(`${dataDir}.lock`);
  } catch (cause) {
    throw taken(port, `another demo works in ${dataDir}`, cause);
  }
  rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(dataDir);
  return { dataDir, release: unlock };
}
