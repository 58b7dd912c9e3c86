/** Readers that stop: `kerbwatch … | head -1` ends without a stack, and a command whose words nobody reads does its work. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { commands } from '../../cli/commands/index.ts';
import { packageRoot } from '../../platform/paths.ts';
import { needs } from '../needs.ts';

const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-closed-pipes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

type Ended = { readonly code: number | null; readonly out: string; readonly err: string };

/** Runs a command whose listed outputs nobody reads: their pipes are closed before it writes a word. */
async function kerbwatch(args: readonly string[], closed: readonly ('stdout' | 'stderr')[]): Promise<Ended> {
  const program = ['--import', 'tsx', join(packageRoot(), 'cli', 'main.ts'), ...args];
  const env = { ...process.env, CLOSED_PIPES: 'secret' };
  const child = spawn(process.execPath, program, { cwd: packageRoot(), env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    if (closed.includes(name)) child[name].destroy();
    else
      child[name].setEncoding('utf8').on('data', (text: string) => {
        said[name] += text;
      });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out: said.stdout, err: said.stderr };
}

const polygon = [
  [0, 0],
  [1, 0],
  [1, 1],
];

beforeAll(() => {
  writeFileSync(
    at('edge.yaml'),
    stringify({
      node: 'n1',
      dataDir: at('data'),
      model: 'kerb-s',
      uplink: { mqtt: 'mqtt://127.0.0.1:9', password: 'env:CLOSED_PIPES', evidence: 'http://127.0.0.1:9' },
      cameras: [
        { id: 'c1', kind: 'street', source: { url: 'clip.mp4' }, zones: [{ id: 'z', kind: 'road-stall', polygon }] },
      ],
    }),
  );
  writeFileSync(at('det.txt'), '1,-1,10,10,50,80,0.9,-1,-1,-1\n2,-1,12,10,50,80,0.9,-1,-1,-1\n');
  if (!needs('ffmpeg')) return;
  const picture = 'testsrc2=size=320x180:rate=10:duration=2';
  const made = ['-f', 'lavfi', '-i', picture, '-pix_fmt', 'yuv420p'];
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...made, at('clip.mp4')]);
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...made, '-frames:v', '1', at('still.jpg')]);
});

const edge = ['--config', at('edge.yaml')];
const printing: readonly (readonly string[])[] = [
  ['--help'],
  ['--version'],
  ...['edge', 'hub', 'node', 'eval', 'scenes', 'bench', 'demo', 'verify', 'outbox', 'sim'].map((name) => [
    name,
    '--help',
  ]),
  ['check', ...edge],
  ['check', ...edge, '--json'],
  ['edge', ...edge, '--public-key'],
  ['doctor'],
  ['models', 'list'],
  ['models', 'verify', 'kerb-n'],
  ['track', '--detections', at('det.txt')],
];
const ofVideo: readonly (readonly string[])[] = [
  ['camera', 'probe', at('clip.mp4')],
  ['camera', 'probe', at('clip.mp4'), '--json'],
  ['detect', '--model', 'kerb-n', at('still.jpg')],
  ['replay', at('clip.mp4'), ...edge, '--camera', 'c1', '--json'],
];

describe('results that nobody reads', () => {
  test('every command is among those tried', () => {
    const tried = new Set([...printing, ...ofVideo].map(([name]) => name));
    const registered = commands.flatMap((register) => /register(\w+)/.exec(register.name)?.[1]?.toLowerCase() ?? []);
    expect(registered.length).toBeGreaterThan(10);
    expect(registered.filter((name) => !tried.has(name))).toEqual([]);
  });

  test.each(printing)('kerbwatch %s %s', async (...args) => {
    expect(await kerbwatch(args.filter(Boolean), ['stdout'])).toEqual({ code: 0, out: '', err: '' });
  });

  test.skipIf(!needs('ffmpeg')).each(ofVideo)('kerbwatch %s %s', async (...args) => {
    const { code, err } = await kerbwatch(args.filter(Boolean), ['stdout']);
    expect(err).not.toMatch(/EPIPE|\n\s+at /);
    expect(code).toBe(0);
  });

  test.skipIf(!existsSync('/dev/full'))('a full disk behind standard output is one line with a code', async () => {
    const program = ['--import', 'tsx', join(packageRoot(), 'cli', 'main.ts'), 'models', 'list'];
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, program, { cwd: packageRoot(), stdio: ['ignore', full, 'pipe'] });
    let err = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    const [code] = (await once(child, 'close')) as [number | null];
    expect(err).toMatch(/^kerbwatch: CLI_WRITE .*standard output: ENOSPC.*\n {2}→ .*\n$/);
    expect(code).toBe(1);
  });
});

describe('words that nobody reads', () => {
  test('a fault keeps its exit code', async () => {
    const missing = ['check', '--config', at('none.yaml')];
    expect((await kerbwatch(missing, ['stderr'])).code).toBe(2);
    expect((await kerbwatch(missing, ['stdout', 'stderr'])).code).toBe(2);
    expect((await kerbwatch(['watch'], ['stderr'])).code).toBe(2);
  });

  test.skipIf(!needs('ffmpeg'))('a result is whole though nobody reads what is said beside it', async () => {
    const { code, out } = await kerbwatch(['replay', at('clip.mp4'), ...edge, '--camera', 'c1', '--json'], ['stderr']);
    expect([code, out]).toEqual([0, '']);
    const detected = await kerbwatch(
      ['detect', '--model', 'kerb-n', at('still.jpg'), at('none.jpg'), '--json'],
      ['stderr'],
    );
    expect(detected.out).toContain('still.jpg');
    expect(detected.code).toBe(1);
  });
});
