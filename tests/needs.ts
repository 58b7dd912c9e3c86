/** What a test needs from its machine. On CI a missing component is a failure; elsewhere the skip says what is missing. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { packageRoot } from '../platform/paths.ts';

const found = new Map<string, boolean>();

function runs(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export function sharedFile(path: string): string | null {
  const file = join(resolve(packageRoot(), process.env.KERBWATCH_SHARED ?? '../shared/data'), path);
  return existsSync(file) ? file : null;
}

/** Folder of PostgreSQL's server programs, which Debian keeps off PATH. */
export function postgresBin(): string | null {
  for (let version = 20; version >= 12; version--) {
    const folder = `/usr/lib/postgresql/${version}/bin`;
    if (existsSync(join(folder, 'initdb'))) return folder;
  }
  return null;
}

/** The library that shows a program another time, for its whole process tree. */
export function faketimeLibrary(): string | null {
  for (const machine of ['x86_64-linux-gnu', 'aarch64-linux-gnu']) {
    const file = `/usr/lib/${machine}/faketime/libfaketimeMT.so.1`;
    if (existsSync(file)) return file;
  }
  return null;
}

export const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';

const components = {
  ffmpeg: { check: () => runs('ffmpeg', ['-version']), name: 'FFmpeg (apt: ffmpeg)' },
  mosquitto: {
    check: () => runs('sh', ['-c', 'command -v mosquitto || test -x /usr/sbin/mosquitto']),
    name: 'Mosquitto (apt: mosquitto)',
  },
  postgres: { check: () => postgresBin() !== null, name: 'PostgreSQL server (apt: postgresql)' },
  chromium: { check: () => existsSync(chromium), name: 'Chromium (apt: chromium)' },
  rtsp: {
    check: () =>
      runs('/usr/bin/python3', [
        '-c',
        'import gi; gi.require_version("GstRtspServer","1.0"); from gi.repository import GstRtspServer',
      ]),
    name: 'an RTSP server (apt: python3-gi gir1.2-gst-rtsp-server-1.0 and GStreamer plugins)',
  },
  tmpfs: {
    check: () =>
      runs('sh', ['-c', 'd=$(mktemp -d) && mount -t tmpfs -o size=1m tmpfs "$d" && umount "$d" && rmdir "$d"']),
    name: 'the right to mount a tmpfs (root), to fill a real disk',
  },
  pdftotext: { check: () => runs('pdftotext', ['-v']), name: 'a reader of PDFs (apt: poppler-utils)' },
  faketime: { check: () => faketimeLibrary() !== null, name: 'a library that sets a program’s clock (apt: faketime)' },
  shared: { check: () => sharedFile('SHA256SUMS') !== null, name: 'test inputs at KERBWATCH_SHARED' },
} as const;
export type Component = keyof typeof components;

/** True when present. Use as `describe.skipIf(!needs('mosquitto'))`; the skip is said on stderr, and on CI it throws. */
export function needs(component: Component): boolean {
  let present = found.get(component);
  if (present === undefined) {
    present = components[component].check();
    found.set(component, present);
    if (!present) {
      const line = `skipped: needs ${components[component].name}`;
      if (process.env.CI === 'true') throw new Error(line);
      process.stderr.write(`${line}\n`);
    }
  }
  return present;
}
