/** What the end-to-end tests set up: models folder, clips made of photographs, configurations on disk. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { packageRoot } from '../../platform/paths.ts';
import { sharedFile } from '../needs.ts';

export const cli = join(packageRoot(), 'dist', 'cli', 'main.js');

export function temporaryFolder(name: string): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), `kerbwatch-${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

const cocoWeights: Readonly<Record<string, string>> = {
  'picodet-s': 'models/picodet_s_416_coco.onnx',
  'yolox-nano': 'models/yolox_nano_416.onnx',
  'nanodet-m': 'models/nanodet_m_416.onnx',
};

/** A models folder with a COCO model's card from the project and its weights from the test inputs. */
export function cocoModels(into: string, name: string): string {
  const weights = sharedFile(cocoWeights[name] ?? '');
  if (!weights) throw new Error(`weights of ${name} are not among the test inputs`);
  const folder = join(into, 'models', name);
  mkdirSync(folder, { recursive: true });
  cpSync(join(packageRoot(), 'models', name), folder, { recursive: true });
  const file = /^file:\s*(\S+)/m.exec(execFileSync('cat', [join(folder, 'model.yaml')], { encoding: 'utf8' }))?.[1];
  const target = join(folder, file ?? 'model.onnx');
  if (!existsSync(target)) copyFileSync(weights, target);
  return join(into, 'models');
}

/** Nearly all of a photograph, where no stall may stand. */
export const photographZone = {
  id: 'forbidden',
  kind: 'road-stall' as const,
  polygon: [
    [0.01, 0.05],
    [0.99, 0.05],
    [0.99, 0.99],
    [0.01, 0.99],
  ] as [number, number][],
};

/**
 * Four minutes of one photograph as a camera would send it: H.264, a little sensor noise, a little shake. Twenty seconds
 * are encoded and repeated twelve times, whole groups of pictures each, so that a slow machine is not kept busy for minutes.
 */
export function photographClip(photo: string, into: string): string {
  const part = `${into}.part.mp4`;
  const shake = "crop=w=iw-16:h=ih-16:x='8+3*sin(n*2*PI/50)':y='8+2*cos(n*2*PI/125)'";
  const filter = `scale=1280:-2,${shake},scale=1280:-2,noise=alls=6:allf=t,format=yuv420p`;
  const encode = [
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-b:v',
    '1500k',
    '-g',
    '25',
    '-keyint_min',
    '25',
    '-sc_threshold',
    '0',
    '-bf',
    '0',
  ];
  const quiet = ['-v', 'error', '-y'];
  execFileSync('ffmpeg', [
    ...quiet,
    '-loop',
    '1',
    '-framerate',
    '12.5',
    '-t',
    '20',
    '-i',
    photo,
    '-vf',
    filter,
    ...encode,
    part,
  ]);
  execFileSync('ffmpeg', [...quiet, '-stream_loop', '11', '-i', part, '-c', 'copy', into]);
  return into;
}

export function writeConfig(file: string, config: unknown): string {
  writeFileSync(file, stringify(config));
  return file;
}

/** Runs the compiled program; resolves with what it printed. */
export function kerbwatch(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { status: number; stdout: string; stderr: string } {
  try {
    const stdout = execFileSync(process.execPath, [cli, ...args], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { status: 0, stdout, stderr: '' };
  } catch (error) {
    const failed = error as { status: number | null; stdout: string; stderr: string };
    return { status: failed.status ?? -1, stdout: failed.stdout, stderr: failed.stderr };
  }
}
