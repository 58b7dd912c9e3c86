/** Packages as they reach a stranger: the tar that the console exports, packed again by tar, unpacked, and hostile ones. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { writeTar } from '../../hub/api/tar.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { readPackage } from '../../platform/package/read-package.ts';
import { verifyPackage } from '../../platform/package/verify.ts';
import { type Files, NUMBER, pack, pictures, rootKey, writeFolder } from './sample-package.ts';

const root = rootKey('the hub');
const whole = pack(root);
const evidence = `evidence/${sha256Hex(pictures[1] ?? '')}.jpg`;
const base = mkdtempSync(join(tmpdir(), 'kerbwatch-verify-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(base, 'x'));
});

type Entry = readonly [name: string, content: string | Buffer];

async function tarOf(entries: readonly Entry[]): Promise<Buffer> {
  async function* list() {
    for (const [name, content] of entries) {
      const bytes = Buffer.from(content);
      yield { name, bytes: bytes.length, content: Readable.from([bytes]) };
    }
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of writeTar(list(), 0)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const entriesOf = (files: Files): Entry[] => [...files].map(([path, bytes]) => [`${NUMBER}/${path}`, bytes]);

function write(bytes: Uint8Array, name = 'case.tar'): string {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

const verify = async (path: string) => verifyPackage(await readPackage(path), root.fingerprint);
const faultsOf = async (path: string) => (await verify(path)).checks.flatMap(({ faults }) => faults);
const faultsIn = async (bytes: Uint8Array) => faultsOf(write(bytes));

/** A header of a kind that the hub never writes. */
function header(name: string, type: string, bytes = 0, change: (block: Buffer) => void = () => {}): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0);
  block.write('0000644\0', 100);
  block.write(`${bytes.toString(8).padStart(11, '0')}\0`, 124);
  block.write(type, 156);
  block.write('ustar\x0000', 257, 'latin1');
  change(block);
  block.write('        ', 148);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

const padded = (text: string) =>
  Buffer.concat([Buffer.from(text), Buffer.alloc((512 - (Buffer.byteLength(text) % 512)) % 512)]);
/** `14 path=a/b\n`: the length counts itself. */
function record(text: string): string {
  const length = text.length + 2;
  return `${length + String(length + 2).length} ${text}\n`;
}

/** The exported tar with blocks put in front of its first member. */
async function putBefore(...blocks: Uint8Array[]): Promise<Buffer> {
  return Buffer.concat([...blocks, await tarOf(entriesOf(whole))]);
}

describe('a package that is whole', () => {
  test('as the tar, its folder, the folder around it, its case.json and its manifest', async () => {
    const inner = writeFolder(folder, whole);
    const paths = [
      write(await tarOf(entriesOf(whole)), '../whole.tar'),
      inner,
      folder,
      join(inner, 'case.json'),
      join(inner, 'manifest.json'),
    ];
    for (const path of paths)
      expect([path, (await verify(path)).verdict, await faultsOf(path)]).toEqual([path, 'proved', []]);
  });

  test.each(['gnu', 'oldgnu', 'pax', 'ustar'])(
    'packed again by tar as %s, with or without its folder',
    async (format) => {
      writeFolder(folder, whole);
      const out = join(base, `${format}.tar`);
      execFileSync('tar', ['cf', out, `--format=${format}`, NUMBER], { cwd: folder });
      expect(await faultsOf(out)).toEqual([]);
      execFileSync('tar', ['cf', out, `--format=${format}`, '-C', NUMBER, '.'], { cwd: folder });
      expect(await faultsOf(out)).toEqual([]);
      const deep = join(
        'a-long-folder-name-of-sixty-letters-that-makes-the-whole-name-long',
        'and-another-one-of-the-same-length-below-it',
      );
      mkdirSync(join(folder, deep), { recursive: true });
      renameSync(join(folder, NUMBER), join(folder, deep, NUMBER));
      if (format !== 'ustar') execFileSync('tar', ['cf', out, `--format=${format}`, deep], { cwd: folder });
      else execFileSync('tar', ['cf', out, '--format=ustar', '-C', deep, NUMBER], { cwd: folder });
      expect(await faultsOf(out)).toEqual([]);
    },
  );
});

describe('an archive that was changed', () => {
  test('each of 600 flips anywhere in the exported tar is found', async () => {
    const tar = await tarOf(entriesOf(whole));
    const missed: number[] = [];
    for (let i = 0; i < 600; i++) {
      const at = createHash('sha256').update(`flip ${i}`).digest().readUInt32BE() % tar.length;
      const flipped = Buffer.from(tar);
      flipped[at] = (flipped[at] ?? 0) ^ (1 + (i % 255));
      if ((await faultsIn(flipped)).length === 0) missed.push(at);
    }
    expect(missed).toEqual([]);
  });

  test('cut off anywhere, it says so', async () => {
    const tar = await tarOf(entriesOf(whole));
    for (const length of [0, 1, 511, 512, 700, 4096, tar.length - 1024, tar.length - 513, tar.length - 1]) {
      expect([length, (await faultsIn(tar.subarray(0, length))).join('\n')]).toEqual([
        length,
        expect.stringMatching(/cut off|something behind its end/),
      ]);
    }
  });

  test('something behind its end, behind a member, in the padding', async () => {
    const tar = await tarOf(entriesOf(whole));
    expect(await faultsIn(Buffer.concat([tar, Buffer.from('junk')]))).toContain(
      'the archive has something behind its end',
    );
    expect(await faultsIn(Buffer.concat([tar, tar]))).toContain('the archive has something behind its end');
    expect(await faultsIn(Buffer.concat([tar, Buffer.alloc(10_240)]))).toEqual([]);
  });

  test('members twice, more, fewer, elsewhere', async () => {
    const entries = entriesOf(whole);
    const [first, second, ...rest] = entries as [Entry, Entry, ...Entry[]];
    expect(await faultsIn(await tarOf([...entries, second]))).toContain(`${NUMBER}/case.json is in the archive twice`);
    expect(await faultsIn(await tarOf([[`./${NUMBER}//case.json`, 'x'], ...entries]))).toContain(
      `${NUMBER}/case.json is in the archive twice`,
    );
    expect(await faultsIn(await tarOf([...entries, [`${NUMBER}/more.txt`, 'x']]))).toEqual([
      'more.txt does not belong to the package',
    ]);
    expect(await faultsIn(await tarOf([...entries, ['beside.txt', 'x']]))).toEqual([
      '../beside.txt does not belong to the package',
    ]);
    expect(await faultsIn(await tarOf([...entries, ['zz-other/case.json', second[1]]]))).toEqual([
      '../zz-other/case.json does not belong to the package',
    ]);
    expect(await faultsIn(await tarOf([first, second]))).toEqual(
      rest.map(([name]) => `${name.slice(NUMBER.length + 1)} is missing`),
    );
    expect(await faultsIn(await tarOf([second, first, ...rest].reverse()))).toEqual([]);
  });
});

describe('a hostile archive', () => {
  const target = `${NUMBER}/${evidence}`;
  test.each(['../x', '/etc/passwd', 'a/../../x', 'C:\\x', 'a\\..\\x'])('the name %s', async (name) => {
    expect((await faultsIn(await tarOf([...entriesOf(whole), [name, 'x']]))).join()).toContain(
      'leads out of the package',
    );
  });

  test('links, devices and unknown kinds in place of files', async () => {
    for (const [type, words] of [
      ['1', 'a hard link'],
      ['2', 'a symbolic link'],
      ['3', 'a device'],
      ['6', 'a pipe'],
      ['S', 'kind "S"'],
      ['K', 'kind "K"'],
    ]) {
      const faults = await faultsIn(await putBefore(header(target, type ?? '')));
      expect(faults.join()).toContain(words);
    }
  });

  test('sizes beyond the archive, negative, in base 256, by pax', async () => {
    const sizes: ((block: Buffer) => void)[] = [
      (block) => block.write('77777777777\0', 124),
      (block) => block.write('-0000000001\0', 124),
      (block) => block.write('zzzzzzzzzzz\0', 124),
      (block) => block.fill(0xff, 124, 136),
      (block) => block.set([0x80, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 124),
    ];
    for (const size of sizes)
      expect((await faultsIn(await putBefore(header('x', '0', 0, size)))).join()).toMatch(/size/);
    for (const size of ['99999999999', '-1', '1e9', '0x10']) {
      const text = record(`size=${size}`);
      const faults = await faultsIn(await putBefore(header('pax', 'x', text.length), padded(text), header('x', '0')));
      expect(faults.join()).toMatch(/size/);
    }
  });

  test('headers for all members, for holes, damaged or too long', async () => {
    for (const [type, text, words] of [
      ['g', record('path=other/name'), 'names all members at once'],
      ['x', record('GNU.sparse.realsize=1'), 'a file with holes'],
      ['x', '99 path=short\n', 'a damaged pax header'],
      ['x', 'no number\n', 'a damaged pax header'],
      ['L', 'x'.repeat(70_000), 'too long'],
    ] as const) {
      const faults = await faultsIn(await putBefore(header('extra', type, text.length), padded(text)));
      expect([words, faults.join()]).toEqual([words, expect.stringContaining(words)]);
    }
  });

  test('names by pax and by GNU headers cannot hide a second member', async () => {
    const text = record(`path=${NUMBER}/case.json`);
    const twice = await faultsIn(
      await putBefore(header('x', 'x', text.length), padded(text), header('harmless.txt', '0')),
    );
    expect(twice.join()).toContain(`${NUMBER}/case.json is in the archive twice`);
    const long = await faultsIn(await putBefore(header('x', 'L', 6), padded('../up\0'), header('harmless.txt', '0')));
    expect(long).toContain('"../up" leads out of the package');
  });

  test('more members than any case has', async () => {
    const many = Buffer.concat(Array.from({ length: 20_001 }, (_, i) => header(`f${i}`, '0')));
    expect((await faultsIn(Buffer.concat([many, Buffer.alloc(1024)]))).join()).toContain('more than 20000 members');
  });

  test('a packed file is not taken for a changed one', async () => {
    const tar = write(await tarOf(entriesOf(whole)));
    execFileSync('gzip', ['-k', tar]);
    await expect(readPackage(`${tar}.gz`)).rejects.toMatchObject({
      code: 'VERIFY_INPUT',
      message: expect.stringContaining('gzip'),
    });
    await expect(readPackage(write(Buffer.from('PK\x03\x04'), 'x.zip'))).rejects.toMatchObject({
      code: 'VERIFY_INPUT',
    });
  });
});

describe('a folder that was changed', () => {
  test('links in place of files are not followed', async () => {
    const inner = writeFolder(folder, whole);
    const outside = join(folder, 'outside');
    renameSync(join(inner, evidence), outside);
    symlinkSync(outside, join(inner, evidence));
    expect(await faultsOf(inner)).toEqual([`${evidence} is a link or no plain file`, `${evidence} is missing`]);
    rmSync(join(inner, evidence));
    linkSync(outside, join(inner, evidence));
    expect(await faultsOf(inner)).toEqual([]);
    symlinkSync('/', join(inner, 'evidence', 'all'));
    expect(await faultsOf(inner)).toEqual(['evidence/all is a link or no plain file']);
  });

  test('a file more, hidden or deep, is named', async () => {
    const inner = writeFolder(folder, whole);
    for (const path of ['.hidden', 'evidence/deep/er/file.jpg', 'evidence/.DS_Store']) {
      mkdirSync(join(inner, path, '..'), { recursive: true });
      writeFileSync(join(inner, path), 'x');
      expect(await faultsOf(inner)).toEqual([`${path} does not belong to the package`]);
      rmSync(join(inner, path));
    }
  });

  test('nothing to check is no finding', async () => {
    await expect(readPackage(folder)).rejects.toMatchObject({ code: 'VERIFY_INPUT' });
    await expect(readPackage(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'VERIFY_INPUT' });
    expect(readFileSync(write(await tarOf([['a.txt', 'x']])))).toHaveLength(2048);
    await expect(readPackage(join(folder, 'case.tar'))).rejects.toMatchObject({ code: 'VERIFY_INPUT' });
  });
});
