/** What this machine has and lacks for running Kerbwatch and its tests. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describeError } from '../../platform/app-error.ts';
import { calendarOf, endOfCalendar } from '../../platform/calendar.ts';
import { findFfmpeg } from '../../platform/find-ffmpeg.ts';
import { packageRoot } from '../../platform/paths.ts';

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

/** Asked in a process of its own: the library is GPL, and stays out of those that do not decode. */
const SAY_LIBRARY = `import { getFFmpegInfo, HardwareDeviceContext } from 'node-av/lib';
const hardware = HardwareDeviceContext.iterateTypes().map((type) => HardwareDeviceContext.getTypeName(type));
process.stdout.write(JSON.stringify({ ...getFFmpegInfo(), hardware }));`;

type Library = {
  readonly version: string;
  readonly configuration: string;
  readonly libraries: { readonly avcodec: string };
  readonly hardware: readonly string[];
};

/** What FFmpeg's own configuration makes of its licence. */
function licenceOf(configuration: string): string {
  const version3 = configuration.includes('--enable-version3');
  if (configuration.includes('--enable-gpl')) return version3 ? 'GPL-3.0-or-later' : 'GPL-2.0-or-later';
  return version3 ? 'LGPL-3.0-or-later' : 'LGPL-2.1-or-later';
}

async function decoding(): Promise<Finding[]> {
  const what = 'decoding';
  try {
    const args = ['--input-type=module', '--eval', SAY_LIBRARY];
    const { stdout } = await run(process.execPath, args, { cwd: packageRoot(), timeout: 20_000 });
    const info = JSON.parse(stdout) as Library;
    const text = await readFile(join(packageRoot(), 'node_modules', 'node-av', 'package.json'), 'utf8');
    const { version } = JSON.parse(text) as { version: string };
    const detail = `built in: node-av ${version} with FFmpeg ${info.version} (libavcodec ${info.libraries.avcodec}, ${licenceOf(info.configuration)})`;
    const hardware = `built in: ${info.hardware.join(', ')} (not used)`;
    return [
      { what, state: 'ok', detail },
      { what: 'hardware decoding', state: 'ok', detail: hardware },
    ];
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : describeError(error);
    const reason = said.split('\n').find((line) => /error/i.test(line)) ?? 'it does not start';
    return [{ what, state: 'missing', detail: `node-av: ${reason.trim()}` }];
  }
}

async function ffmpeg(): Promise<Finding> {
  const use = 'rendering scenes, the pictures of `eval --report`, the bench and the tests';
  try {
    const { path, version, libavcodec } = await findFfmpeg();
    return { what: 'ffmpeg', state: 'ok', detail: `${path} ${version} (libavcodec ${libavcodec}); only for ${use}` };
  } catch {
    return { what: 'ffmpeg', state: 'absent', detail: `not found; only for ${use}` };
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
    decoding(),
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
