/** What this machine has and lacks for running Kerbwatch and its tests. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, statfs } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describeError } from './app-error.ts';
import { calendarOf, endOfCalendar } from './calendar.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import { packageRoot } from './paths.ts';

const run = promisify(execFile);
const GIB = 2 ** 30;
const MIN_FREE_GIB = 2;

export type MachineFact = {
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

/** Libraries are asked in a process of their own: FFmpeg's is GPL, and both stay out of programs that need neither. */
const LIBRARY = `import { getFFmpegInfo, HardwareDeviceContext } from 'node-av/lib';
const hardware = HardwareDeviceContext.iterateTypes().map((type) => HardwareDeviceContext.getTypeName(type));
process.stdout.write(JSON.stringify({ ...getFFmpegInfo(), hardware }));`;
const BACKENDS = `import { listSupportedBackends } from 'onnxruntime-node';
process.stdout.write(JSON.stringify(listSupportedBackends().map(({ name }) => name)));`;

/** What a module prints as JSON. */
async function evaluate(module: string): Promise<unknown> {
  const args = ['--input-type=module', '--eval', module];
  const { stdout } = await run(process.execPath, args, { cwd: packageRoot(), timeout: 20_000 });
  return JSON.parse(stdout) as unknown;
}

async function packageVersion(name: string): Promise<string> {
  const text = await readFile(join(packageRoot(), 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** Why a module did not run: the line of its output that says so. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : describeError(error);
  return (text.split('\n').find((line) => /error/i.test(line)) ?? 'it does not start').trim();
}

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

async function decoding(): Promise<MachineFact[]> {
  const what = 'decoding';
  try {
    const info = (await evaluate(LIBRARY)) as Library;
    const version = await packageVersion('node-av');
    const detail = `built in: node-av ${version} with FFmpeg ${info.version} (libavcodec ${info.libraries.avcodec}, ${licenceOf(info.configuration)})`;
    const hardware = `built in: ${info.hardware.join(', ')} (not used)`;
    return [
      { what, state: 'ok', detail },
      { what: 'hardware decoding', state: 'ok', detail: hardware },
    ];
  } catch (error) {
    return [{ what, state: 'missing', detail: `node-av: ${reasonOf(error)}` }];
  }
}

async function ffmpeg(): Promise<MachineFact> {
  const use = 'rendering scenes, the pictures of `eval --report`, the bench and the tests';
  try {
    const { path, version, libavcodec } = await findFfmpeg();
    return { what: 'ffmpeg', state: 'ok', detail: `${path} ${version} (libavcodec ${libavcodec}); only for ${use}` };
  } catch {
    return { what: 'ffmpeg', state: 'absent', detail: `not found; only for ${use}` };
  }
}

async function inference(): Promise<MachineFact> {
  try {
    const names = (await evaluate(BACKENDS)) as string[];
    const detail = `${await packageVersion('onnxruntime-node')}, providers: ${names.join(', ')}`;
    return { what: 'onnxruntime', state: 'ok', detail };
  } catch (error) {
    return { what: 'onnxruntime', state: 'missing', detail: reasonOf(error) };
  }
}

/** Programs that some set-ups and the tests use. */
async function program(what: string, candidates: readonly string[], use: string): Promise<MachineFact> {
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

async function postgres(): Promise<MachineFact> {
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
async function clock(): Promise<MachineFact> {
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
function calendar(): MachineFact {
  const known = calendarOf();
  const ending = endOfCalendar(known, Date.now());
  return {
    what: 'calendar',
    state: ending ? 'absent' : 'ok',
    detail: ending ?? `holidays known to ${known.knownUntil}`,
  };
}

async function disk(): Promise<MachineFact> {
  const { bavail, bsize } = await statfs(packageRoot());
  const free = (bavail * bsize) / GIB;
  const state = free < MIN_FREE_GIB ? 'missing' : 'ok';
  return { what: 'disk', state, detail: `${free.toFixed(1)} GiB free at ${packageRoot()}` };
}

async function machine(): Promise<MachineFact> {
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

/** Each part once: machine, libraries, programs of the tests, clock, calendar, disk. */
export async function inspectMachine(): Promise<MachineFact[]> {
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
    disk(),
  ]);
  return findings.flat();
}
