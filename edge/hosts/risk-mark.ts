/**
 * Which camera a host was decoding when it died: four bytes of memory that outlive it. A file without a name on a memory
 * file system, written before and after each native call that a broken stream may turn into a crash (about 1 µs each).
 */
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Risk } from '../source/index.ts';

const NOBODY = 0xff_ff_ff_ff;
const BYTES = 4;

export type RiskMark = {
  /** For the host's `stdio`: without a file it writes to nowhere. */
  readonly stdio: number | 'ignore';
  /** Place of the camera in the host's list, or null. */
  readonly read: () => number | null;
  readonly close: () => void;
};

function openNameless(folder: string): number | null {
  const file = join(folder, `kerbwatch-risk-${randomUUID()}`);
  try {
    const fd = openSync(file, 'wx+', 0o600);
    unlinkSync(file);
    return fd;
  } catch {
    // Read-only, full, or no file left to open: the search goes without it, in a few more steps.
    return null;
  }
}

/** The main process’s side, one for each host. Never fails: without a file nothing is marked. */
export function createRiskMark(): RiskMark {
  const fd = openNameless('/dev/shm') ?? openNameless(tmpdir());
  return {
    stdio: fd ?? 'ignore',
    read() {
      if (fd === null) return null;
      const bytes = Buffer.alloc(BYTES, 0xff);
      readSync(fd, bytes, 0, BYTES, 0);
      const place = bytes.readUInt32LE();
      return place === NOBODY ? null : place;
    },
    close: () => void (fd !== null && closeSync(fd)),
  };
}

const nobody = Buffer.alloc(BYTES, 0xff);

/** The host's side: `place` as in its list of cameras. */
export function riskOf(fd: number, place: number): Risk {
  const mine = Buffer.alloc(BYTES);
  mine.writeUInt32LE(place);
  return {
    enter: () => void writeSync(fd, mine, 0, BYTES, 0),
    leave: () => void writeSync(fd, nobody, 0, BYTES, 0),
  };
}
