/** What this machine has and lacks for running Kerbwatch and its tests. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { cpus, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { describeError } from '../platform/app-error.ts';
import { calendarOf, endOfCalendar } from '../platform/calendar.ts';
import { findFfmpeg } from '../platform/find-ffmpeg.ts';
import { packageRoot } from '../platform/paths.ts';

const run = promisify(execFile);
const GIB = 2 ** 30;
const LEAST_ROOM_GIB = 2;

export type Finding = {
  readonly what: string;
  /** `missing` stops something that is always needed; `absent` is needed for some uses only. */
  readonly state: 'ok' | 'absent' | 'missing';
  readonly detail: string;
};

/** First lines of a program's words, or null where it does not run. */
async function ask(program: string, args: readonly string[]): Promise<string | null> {
  return run(program, args, { timeout: 10_000 }).then(
    ({ stdout, stderr }) => `${stdout}${stderr}`.trim(),
    () => null,
  );
}

async function ffmpeg(): Promise<Finding[]> {
  try {
    const found = await findFfmpeg();
    const listed = (await ask(found.path, ['-hide_banner', '-hwaccels'])) ?? '';
    const hardware = listed
      .split('\n')
      .slice(1)
      .map((line) => line.trim())
      .filter(Boolean);
    return [
      { what: 'ffmpeg', state: 'ok', detail: `${found.path} ${found.version} (libavcodec ${found.libavcodec})` },
      {
        what: 'hardware decoding',
        state: hardware.length > 0 ? 'ok' : 'absent',
        detail: hardware.length > 0 ? `built in: ${hardware.join(', ')} (not used by default)` : 'none built in',
      },
    ];
  } catch (error) {
    return [{ what: 'ffmpeg', state: 'missing', detail: describeError(error) }];
  }
}

async function inference(): Promise<Finding> {
  try {
    const { listSupportedBackends } = await import('onnxruntime-node');
    const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };
    const names = listSupportedBackends().map((backend) => backend.name);
    return { what: 'onnxruntime', state: 'ok', detail: `${version}, providers: ${names.join(', ')}` };
  } catch (error) {
    return { what: 'onnxruntime', state: 'missing', detail: error instanceof Error ? error.message : String(error) };
  }
}

/** Programs that some set-ups and the tests use. */
async function program(what: string, candidates: readonly string[], use: string): Promise<Finding> {
  for (const path of candidates) {
    if (path.startsWith('/') && !existsSync(path)) continue;
    const version = await ask(path, ['--version']);
    const help = version ?? (await ask(path, ['-h']));
    if (help !== null || existsSync(path)) {
      return { what, state: 'ok', detail: `${path} ${version?.split('\n')[0] ?? ''}`.trim() };
    }
  }
  return { what, state: 'absent', detail: `not found; only for ${use}` };
}

async function postgres(): Promise<Finding> {
  const folders = await readdir('/usr/lib/postgresql').catch(() => []);
  const candidates = [
    'postgres',
    ...folders
      .sort()
      .reverse()
      .map((name) => `/usr/lib/postgresql/${name}/bin/postgres`),
  ];
  return program('postgresql', candidates, 'a large hub (SQLite is the default) and the tests');
}

/** Whether time is kept by NTP: an event's time is only worth something when it is. */
async function clock(): Promise<Finding> {
  const said = await ask('timedatectl', ['show', '-p', 'NTPSynchronized', '--value']);
  if (said === 'yes') return { what: 'clock', state: 'ok', detail: 'kept by NTP' };
  const chrony = await ask('chronyc', ['-n', 'tracking']);
  const offset = /System time\s*:\s*(.*)/.exec(chrony ?? '')?.[1];
  if (offset) return { what: 'clock', state: 'ok', detail: `chrony: ${offset}` };
  return {
    what: 'clock',
    state: 'absent',
    detail: 'not known to be kept by NTP; events would carry a wrong time unnoticed',
  };
}

/** The announced years that this version knows; a configuration may know more (`kerbwatch check`). */
function calendar(): Finding {
  const known = calendarOf();
  const ending = endOfCalendar(known, Date.now());
  return {
    what: 'calendar',
    state: ending ? 'absent' : 'ok',
    detail: ending ?? `holidays known to ${known.knownUntil}`,
  };
}

async function room(): Promise<Finding> {
  const disk = await statfs(packageRoot());
  const free = (disk.bavail * disk.bsize) / GIB;
  const state = free < LEAST_ROOM_GIB ? 'missing' : 'ok';
  return { what: 'disk', state, detail: `${free.toFixed(1)} GiB free at ${packageRoot()}` };
}

async function machine(): Promise<Finding> {
  const threads = cpus();
  const group = await readFile('/sys/fs/cgroup/memory.max', 'utf8').catch(() => 'max');
  const limit = Number(group.trim());
  const memory = Number.isFinite(limit) ? Math.min(limit, totalmem()) : totalmem();
  return {
    what: 'machine',
    state: 'ok',
    detail: `${threads.length} × ${threads[0]?.model.trim() ?? 'unknown'}, ${(memory / GIB).toFixed(1)} GiB, Node ${process.versions.node}`,
  };
}

export async function lookAtMachine(): Promise<Finding[]> {
  const chromium = process.env.CHROMIUM ? [process.env.CHROMIUM] : ['/usr/bin/chromium', 'chromium', 'google-chrome'];
  const findings = await Promise.all([
    machine(),
    ffmpeg(),
    inference(),
    program('mosquitto', ['mosquitto', '/usr/sbin/mosquitto'], 'a separate broker (one is built in) and the tests'),
    postgres(),
    program('chromium', chromium, 'rendering scenes and the tests'),
    clock(),
    calendar(),
    room(),
  ]);
  return findings.flat();
}
