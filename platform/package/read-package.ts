/** Finds an exported case in a folder or a tar file: its manifest and document, and the hash of every piece of evidence. */
import { createHash } from 'node:crypto';
import { type FileHandle, lstat, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PACKAGE_DOCUMENT, PACKAGE_MANIFEST } from '../../contracts/package.ts';
import { AppError } from '../app-error.ts';
import { listTar } from './read-tar.ts';
import type { PackageContents, PackageFile } from './report.ts';

/** A part of an open file: a whole file of a folder, or a member of an archive. */
type Part = {
  readonly bytes: number;
  readonly read: (use: (file: FileHandle, offset: number) => Promise<void>) => Promise<void>;
};

type Found = { readonly parts: ReadonlyMap<string, Part>; readonly faults: readonly string[] };

/** Of the manifest or the document: beyond this nothing is parsed. */
const MAX_JSON_BYTES = 128 * 1024 * 1024;
const MAX_FILES = 20_000;
const CHUNK = 256 * 1024;
const EVIDENCE = /^evidence\/[0-9a-f]{64}\.(jpg|png|mp4)$/;
const MAX_EVIDENCE_BYTES = 256 * 1024 * 1024;

const COMPRESSED: readonly (readonly [string, string])[] = [
  ['1f8b', 'gzip'],
  ['28b52ffd', 'zstd'],
  ['504b', 'zip'],
  ['fd377a58', 'xz'],
  ['425a68', 'bzip2'],
];

/** Calls `use` with piece after piece; a file that ends early gives fewer. */
async function eachChunk(part: Part, use: (chunk: Buffer) => void): Promise<void> {
  await part.read(async (file, offset) => {
    const buffer = Buffer.alloc(Math.min(CHUNK, part.bytes));
    for (let done = 0; done < part.bytes; ) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, part.bytes - done), offset + done);
      if (bytesRead === 0) return;
      use(buffer.subarray(0, bytesRead));
      done += bytesRead;
    }
  });
}

async function bytesOf(part: Part): Promise<Buffer> {
  const chunks: Buffer[] = [];
  await eachChunk(part, (chunk) => chunks.push(Buffer.from(chunk)));
  return Buffer.concat(chunks);
}

async function hashOf(part: Part): Promise<string> {
  const hash = createHash('sha256');
  await eachChunk(part, (chunk) => hash.update(chunk));
  return hash.digest('hex');
}

/** Plain files below the folder; links and the like are faults, and are not followed. */
async function findInFolder(folder: string): Promise<Found> {
  const parts = new Map<string, Part>();
  const faults: string[] = [];
  const waiting = [''];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    for (const name of (await readdir(join(folder, path))).sort()) {
      const inner = path ? `${path}/${name}` : name;
      const file = join(folder, inner);
      const found = await lstat(file);
      if (found.isDirectory()) waiting.push(inner);
      else if (!found.isFile()) faults.push(`${inner} is a link or no plain file`);
      else parts.set(inner, { bytes: found.size, read: (use) => withFile(file, (handle) => use(handle, 0)) });
      if (parts.size + waiting.length > MAX_FILES)
        return { parts, faults: [...faults, `more than ${MAX_FILES} files`] };
    }
  }
  return { parts, faults };
}

async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, 'r');
  return use(file).finally(() => file.close());
}

async function findInTar(path: string): Promise<Found> {
  return withFile(path, async (file) => {
    const head = Buffer.alloc(8);
    await file.read(head, 0, head.length, 0);
    const packer = COMPRESSED.find(([magic]) => head.toString('hex').startsWith(magic))?.[1];
    if (packer) throw new AppError('VERIFY_INPUT', `${path} is packed with ${packer}: unpack it first`);
    const { members, faults } = await listTar(file, (await file.stat()).size);
    const parts = members.map(({ name, bytes, offset }): [string, Part] => [
      name,
      { bytes, read: (use) => withFile(path, (handle) => use(handle, offset)) },
    ]);
    return { parts: new Map(parts), faults };
  });
}

/** The package may lie in a folder of its own, as the hub packs it: names count from where its manifest is. */
function withinPackage({ parts, faults: seen }: Found): Found {
  const foldersOf = (file: string) =>
    [...parts.keys()].filter((name) => basename(name) === file).map((name) => dirname(name));
  const packages = foldersOf(PACKAGE_MANIFEST);
  const [folder = '.'] = packages.length > 0 ? packages : foldersOf(PACKAGE_DOCUMENT);
  const faults = packages.length > 1 ? [...seen, `holds more than one package: ${packages.join(', ')}`] : seen;
  if (folder === '.') return { parts, faults };
  const inner = new Map<string, Part>();
  for (const [name, part] of parts) {
    // A file beside the package's folder keeps a name that nothing expects.
    inner.set(name.startsWith(`${folder}/`) ? name.slice(folder.length + 1) : `../${name}`, part);
  }
  return { parts: inner, faults };
}

async function readFound(found: Found): Promise<PackageContents> {
  const { parts, faults: seen } = withinPackage(found);
  const faults = [...seen];
  const json = async (name: string): Promise<Buffer | null> => {
    const part = parts.get(name);
    if (part && part.bytes > MAX_JSON_BYTES) faults.push(`${name} is too large: ${part.bytes} bytes`);
    return part && part.bytes <= MAX_JSON_BYTES ? bytesOf(part) : null;
  };
  const [manifest, document] = [await json(PACKAGE_MANIFEST), await json(PACKAGE_DOCUMENT)];
  const files = new Map<string, PackageFile>();
  for (const [name, part] of parts) {
    if (name === PACKAGE_MANIFEST || name === PACKAGE_DOCUMENT) continue;
    const expected = EVIDENCE.test(name) && part.bytes <= MAX_EVIDENCE_BYTES;
    files.set(name, { bytes: part.bytes, sha256: expected ? await hashOf(part) : null });
  }
  return { manifest, document, files, faults };
}

function refuseEmpty(path: string, contents: PackageContents): PackageContents {
  const { manifest, document, faults } = contents;
  if (manifest || document || faults.length > 0) return contents;
  throw new AppError('VERIFY_INPUT', `${path} holds no ${PACKAGE_DOCUMENT}`);
}

/**
 * @param path the package's folder, its `case.json`, or a tar file of it
 * @throws VERIFY_INPUT where there is nothing to check
 */
export async function readPackage(path: string): Promise<PackageContents> {
  try {
    const found = await stat(path);
    if (!found.isDirectory() && !found.isFile()) throw new AppError('VERIFY_INPUT', `${path} is no plain file`);
    const isInner = found.isFile() && [PACKAGE_DOCUMENT, PACKAGE_MANIFEST].includes(basename(path));
    const folder = found.isDirectory() ? path : isInner ? dirname(path) : null;
    return refuseEmpty(path, await readFound(await (folder === null ? findInTar(path) : findInFolder(folder))));
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('VERIFY_INPUT', `${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
