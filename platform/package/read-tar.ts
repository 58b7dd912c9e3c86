/**
 * The members of a tar archive (ustar as the hub writes it, pax and GNU as others pack it again), read strictly: what
 * one program could take for one content and another for something else is a fault. Nothing is unpacked.
 */
import type { FileHandle } from 'node:fs/promises';
import { isZero, readPax, readTarHeader, TAR_BLOCK, textOf } from './tar-header.ts';

export type TarMember = { readonly name: string; readonly bytes: number; readonly offset: number };
export type TarListing = { readonly members: readonly TarMember[]; readonly faults: readonly string[] };

const MAX_MEMBERS = 20_000;
/** Of a pax header or a long name. */
const MAX_EXTRA_BYTES = 64 * 1024;
/** Zeros at the end, which tar adds to fill a record. */
const MAX_END = 16 * 1024 * 1024;
/** Read at once where only zeros are expected. */
const MAX_PADDING = 64 * 1024;

/** `./a//b` → `a/b`; null for a name that leads out of the archive's folder. */
function safeName(name: string): string | null {
  if (name.startsWith('/') || /[\\\0]/.test(name) || /^[a-z]:/i.test(name)) return null;
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  return parts.includes('..') ? null : parts.join('/');
}

type Extra = { name?: string; bytes?: number };

/** A header that speaks of the next member: GNU long name, or pax. @returns what is wrong, or null */
function readExtra(type: string, content: Buffer, next: Extra): string | null {
  if (type === 'L') {
    next.name = textOf(content);
    return null;
  }
  const records = readPax(content);
  if (!records) return 'has a damaged pax header';
  if ([...records.keys()].some((key) => key.startsWith('GNU.sparse'))) return 'has a file with holes';
  const path = records.get('path');
  const size = records.get('size');
  if (type === 'g' && (path !== undefined || size !== undefined)) return 'names all members at once';
  if (path !== undefined) next.name = path;
  if (size !== undefined) next.bytes = /^\d{1,15}$/.test(size) ? Number(size) : Number.NaN;
  return null;
}

type Walk = {
  readonly file: FileHandle;
  readonly size: number;
  readonly members: Map<string, TarMember>;
  readonly faults: string[];
};

/** Null beyond the end of the file. */
async function take({ file, size }: Walk, offset: number, length: number): Promise<Buffer | null> {
  if (offset + length > size) return null;
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, offset);
  return bytesRead === length ? buffer : null;
}

async function zerosFrom(walk: Walk, start: number, end: number): Promise<boolean> {
  for (let at = start; at < end; at += MAX_PADDING) {
    const bytes = await take(walk, at, Math.min(MAX_PADDING, end - at));
    if (!bytes || !isZero(bytes)) return false;
  }
  return true;
}

const KINDS: Readonly<Record<string, string>> = {
  1: 'a hard link',
  2: 'a symbolic link',
  3: 'a device',
  4: 'a device',
  6: 'a pipe',
};

function addMember({ members, faults }: Walk, type: string, said: string, place: Omit<TarMember, 'name'>): void {
  const name = safeName(said);
  if (name === null) faults.push(`${JSON.stringify(said)} leads out of the package`);
  else if (type === '5') {
    if (place.bytes > 0) faults.push(`${name} is a folder with content`);
  } else if (type !== '0')
    faults.push(`${name} is ${KINDS[type] ?? `a member of kind ${JSON.stringify(type)}`}, not a plain file`);
  else if (name === '' || members.has(name))
    faults.push(name === '' ? 'a member has no name' : `${name} is in the archive twice`);
  else members.set(name, { name, ...place });
}

/** @returns where the next header lies; null at the end, or where nothing more can be read */
async function step(walk: Walk, offset: number, next: Extra): Promise<number | null> {
  const { faults, size } = walk;
  const block = await take(walk, offset, TAR_BLOCK);
  if (!block) {
    faults.push('the archive is cut off: its end is missing');
    return null;
  }
  if (isZero(block)) {
    if (size - offset < 2 * TAR_BLOCK) faults.push('the archive is cut off: its end is missing');
    else if (size - offset > MAX_END || !(await zerosFrom(walk, offset, size)))
      faults.push('the archive has something behind its end');
    return null;
  }
  const header = readTarHeader(block);
  const place = `byte ${offset} of the archive`;
  if (typeof header === 'string') {
    faults.push(`${place} ${header}`);
    return null;
  }
  const isExtra = 'Lxg'.includes(header.type);
  const bytes = isExtra ? header.bytes : (next.bytes ?? header.bytes);
  const start = offset + TAR_BLOCK;
  const end = start + Math.ceil(bytes / TAR_BLOCK) * TAR_BLOCK;
  if (!Number.isSafeInteger(bytes) || end > size) {
    faults.push(`${next.name ?? header.name} is cut off, or its size is wrong`);
    return null;
  }
  if (!(await zerosFrom(walk, start + bytes, end))) faults.push(`${header.name} has something behind its end`);
  if (!isExtra) {
    addMember(walk, header.type, next.name ?? header.name, { bytes, offset: start });
    delete next.name;
    delete next.bytes;
    return end;
  }
  const content = bytes <= MAX_EXTRA_BYTES ? await take(walk, start, bytes) : null;
  const fault = content ? readExtra(header.type, content, next) : 'has a header that is too long';
  if (fault) faults.push(`${place} ${fault}`);
  return fault ? null : end;
}

/** Members with their offsets, bytes; `faults` where one reader could see other content than another. @param size of the file, bytes */
export async function listTar(file: FileHandle, size: number): Promise<TarListing> {
  const walk: Walk = { file, size, members: new Map(), faults: [] };
  const next: Extra = {};
  let headers = 0;
  for (let offset: number | null = 0; offset !== null; ) {
    headers += 1;
    if (headers > MAX_MEMBERS) {
      walk.faults.push(`the archive has more than ${MAX_MEMBERS} members`);
      break;
    }
    offset = await step(walk, offset, next);
  }
  return { members: [...walk.members.values()], faults: walk.faults };
}
