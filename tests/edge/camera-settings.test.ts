/** Main and sub-stream, display aspect, logins: what a configuration may say of a camera, and what is made of it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { CameraConfig, SourceConfig } from '../../edge/config.ts';
import { cameraLogins } from '../../edge/credentials.ts';
import { aspectRatio } from '../../edge/domain/aspect.ts';
import { readEdgeConfig } from '../../edge/read-config.ts';
import { asRecording, mainStream, withFilesFrom } from '../../edge/settings.ts';
import { AppError } from '../../platform/app-error.ts';

const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-camera-settings-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const secret = (name: string, value: string) => {
  writeFileSync(join(folder, name), `${value}\n`, { mode: 0o600 });
  return `file:${name}`;
};
const main = secret('main', 'one@:/two');
const sub = secret('sub', 'three');

const polygon = [
  [0, 0],
  [1, 0],
  [1, 1],
];
const cameraWith = (source: object, kind = 'street') => ({
  id: 'c1',
  kind,
  source,
  zones: [{ id: 'z', kind: 'road-stall', polygon }],
});

async function read(source: object, more: object = {}) {
  const file = join(folder, 'edge.yaml');
  const uplink = { mqtt: 'mqtt://127.0.0.1:9', password: main, evidence: 'http://127.0.0.1:9' };
  const config = { node: 'n1', dataDir: 'data', model: 'kerb-s', uplink, cameras: [cameraWith(source)], ...more };
  writeFileSync(file, stringify(config));
  try {
    const found = await readEdgeConfig(file, { sources: true });
    return { config: found.config, notes: found.notes.map(({ path, message }) => `${path}: ${message}`), faults: [] };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { config: null, notes: [], faults: error.faults.map(({ path, message }) => `${path}: ${message}`) };
  }
}

const url = 'rtsp://10.0.0.1/main';

describe('what is accepted', () => {
  test('a sub-stream, an aspect in each of its forms, and nothing said about them', async () => {
    for (const aspect of ['16:9', '4:3', '1.78', 1.78, '9:16']) {
      const source = { url, aspect, analyse: { url: 'rtsp://10.0.0.1/sub', aspect }, main: 'always' };
      expect(await read(source)).toMatchObject({ faults: [], notes: [], config: { cameras: [{ source }] } });
    }
  });

  test('hosts; and the keys of before 0.4, with a note', async () => {
    expect(await read({ url }, { hosts: 2 })).toMatchObject({ faults: [], notes: [], config: { hosts: 2 } });
    const old = await read({ url }, { inferenceWorkers: 2, ffmpeg: '/usr/bin/ffmpeg' });
    expect(old.notes).toEqual([
      'ffmpeg: has no effect: decoding is built in; leave it out',
      'inferenceWorkers: is now called `hosts`',
    ]);
  });
});

test.each<[string, object, string]>([
  ['an aspect in words', { url, aspect: 'wide' }, 'source.aspect: expected text like "16:9" or a number from 0.2 to 5'],
  ['no width', { url, aspect: '0:9' }, 'source.aspect: expected text like "16:9" or a number from 0.2 to 5'],
  ['a strip', { url, aspect: '99:1' }, 'source.aspect: width over height must lie between 0.2 and 5'],
  [
    'a strip of a sub-stream',
    { url, analyse: { url, aspect: '9.5' } },
    'source.analyse.aspect: width over height must lie between 0.2 and 5',
  ],
  ['a cadence of its own', { url, analyse: { url, cadence: 5 } }, 'source.analyse.cadence: unknown key'],
  ['a sub-stream without address', { url, analyse: { user: 'a' } }, 'source.analyse.url: missing'],
  ['a secret itself', { url, analyse: { url, password: 'x' } }, 'source.analyse.password: expected: Reference'],
  [
    'a secret that is not there',
    { url, analyse: { url, user: 'a', password: 'file:none' } },
    `source.analyse.password: ${join(folder, 'none')}: no such file`,
  ],
  ['a file that is not there', { url, analyse: { url: 'no.mp4' } }, `source.analyse.url: ${join(folder, 'no.mp4')}`],
  ['another way with the main stream', { url, main: 'never' }, 'source.main: expected one of on-demand, always'],
])('%s is refused where it stands', async (_, source, fault) => {
  const { faults } = await read(source);
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(`cameras[0].${fault}`);
});

test.each<[string, object, string]>([
  [
    'a login in the address',
    { url: 'rtsp://admin:hidden-word@10.0.0.1/main' },
    'source.url: the login stands in the address: move it into `user` and `password` (file:PATH or env:NAME)',
  ],
  [
    'a login in the address of the sub-stream, its password with an @',
    { url, analyse: { url: 'rtsp://admin:hidden-word@2@10.0.0.1/sub' } },
    'source.analyse.url: the login stands in the address: move it into `user` and `password` (file:PATH or env:NAME)',
  ],
  [
    'a password in the path',
    { url: 'rtsp://10.0.0.1/user=admin&password=hidden-word&channel=1' },
    'source.url: a password stands in the address: let nobody else read this file (chmod 600)',
  ],
  ['a password without user', { url, password: main }, 'source.password: has no effect without `user` beside it'],
  ['`main` alone', { url, main: 'always' }, 'source.main: has no effect without `analyse`'],
])('%s is a note', async (_, source, note) => {
  const { notes, faults } = await read(source);
  expect(faults).toEqual([]);
  expect(notes).toEqual([`cameras[0].${note}`]);
  expect(notes[0]).not.toContain('hidden-word');
});

test('an @ or a word in a path is no login', async () => {
  const { notes } = await read({ url: 'rtsp://10.0.0.1/stream@2/password=', analyse: { url: 'http://h/passage/1' } });
  expect(notes).toEqual([]);
});

test('logins: the sub-stream has its own, or else the main one', async () => {
  const login = (source: SourceConfig) => cameraLogins(source, folder);
  const one = { user: 'a', password: 'one@:/two' };
  const own = { url, user: 'a', password: main };
  expect(await login({ url })).toEqual({ main: null, analyse: null });
  expect(await login(own)).toEqual({ main: one, analyse: null });
  expect(await login({ ...own, analyse: { url } })).toEqual({ main: one, analyse: one });
  expect(await login({ ...own, analyse: { url, user: 'b', password: sub } })).toEqual({
    main: one,
    analyse: { user: 'b', password: 'three' },
  });
  expect(await login({ ...own, analyse: { url, user: 'b' } })).toMatchObject({ analyse: { user: 'b', password: '' } });
  await expect(login({ url, analyse: { url, user: 'b', password: 'env:KERBWATCH_NOT_SET' } })).rejects.toThrow(
    /KERBWATCH_NOT_SET/,
  );
});

describe('what is made of it', () => {
  const camera = (source: SourceConfig, kind = 'street') => cameraWith(source, kind) as CameraConfig;

  test('relative files are found beside the configuration, both of them', () => {
    const { source } = withFilesFrom(camera({ url: 'main.mp4', analyse: { url: 'sub.mp4' } }), '/etc/kw');
    expect(source).toMatchObject({ url: '/etc/kw/main.mp4', analyse: { url: '/etc/kw/sub.mp4' } });
    const remote = camera({ url, analyse: { url } });
    expect(withFilesFrom(remote, '/etc/kw')).toEqual(remote);
  });

  test('a recording stands for both streams', () => {
    const before = camera({ url, aspect: '4:3', cadence: 5, loop: true, analyse: { url }, main: 'always' });
    expect(asRecording(before, '/clip.mp4').source).toEqual({
      url: '/clip.mp4',
      aspect: '4:3',
      cadence: 5,
      loop: false,
    });
  });

  test('the main stream stays open where nothing else is there, and at gates', () => {
    const analyse = { url: 'x' };
    expect(mainStream(camera({ url }))).toBe('always');
    expect(mainStream(camera({ url, analyse }))).toBe('on-demand');
    expect(mainStream(camera({ url, analyse }, 'gate'))).toBe('always');
    expect(mainStream(camera({ url, analyse, main: 'on-demand' }, 'gate'))).toBe('on-demand');
    expect(mainStream(camera({ url, analyse, main: 'always' }))).toBe('always');
  });

  test.each([
    ['16:9', 16 / 9],
    ['1.78', 1.78],
    [1.78, 1.78],
    ['9:16', 0.5625],
    ['99:1', null],
    ['0', null],
    ['1:', null],
  ])('aspect %s is %s', (stated, ratio) => {
    expect(aspectRatio(stated)).toBe(ratio);
  });
});
