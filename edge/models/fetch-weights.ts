/** Brings a file of weights here, from a folder or an address; what a broken connection left is gone on with. */
import { createWriteStream } from 'node:fs';
import { copyFile, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../platform/app-error.ts';
import type { ModelCard } from './card-schema.ts';
import { hashOfFile } from './weights.ts';

export type Progress = (done: number, total: number | null) => void;

/** Without a byte for this long a download is given up, ms; a slow one may take as long as it needs. */
const SILENT_MS = 30_000;

const sizeOf = (file: string): Promise<number> =>
  stat(file).then(
    (found) => found.size,
    () => 0,
  );

/** The file of that name, or any ONNX file there with the right hash, whatever it is called. */
export async function copyFromFolder(card: ModelCard, sha256: string, place: string, part: string): Promise<void> {
  const isFile = await stat(place).then(
    (found) => found.isFile(),
    () => false,
  );
  const names = isFile ? [] : await readdir(place).catch(() => [] as string[]);
  const files = names.filter((name) => name.endsWith('.onnx')).sort();
  const ordered = [...files.filter((name) => name === card.file), ...files.filter((name) => name !== card.file)];
  for (const file of isFile ? [place] : ordered.map((name) => join(place, name))) {
    if ((await hashOfFile(file)) === sha256) return copyFile(file, part);
  }
  if (isFile || files.includes(card.file)) {
    const file = isFile ? place : join(place, card.file);
    throw new AppError('EDGE_MODEL_HASH', `${file} is not the file of card ${card.name}`);
  }
  throw new AppError('EDGE_MODEL_FETCH', `${place} holds neither ${card.file} nor a file with its hash`);
}

/** Does this answer go on where we stand? */
function goesOn(response: Response, have: number): boolean {
  return (
    response.status === 206 && Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1]) === have
  );
}

type Stopwatch = { readonly signal: AbortSignal; readonly again: () => void; readonly stop: () => void };

function silenceWatch(): Stopwatch {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Error(`silent for ${SILENT_MS / 1000} s`)), SILENT_MS);
  return { signal: controller.signal, again: () => timer.refresh(), stop: () => clearTimeout(timer) };
}

async function ask(url: string, have: number, signal: AbortSignal): Promise<Response> {
  const response = await fetch(url, { signal, ...(have > 0 ? { headers: { range: `bytes=${have}-` } } : {}) });
  // More is here than there: what is here is of another file.
  return response.status === 416 && have > 0 ? fetch(url, { signal }) : response;
}

function causeOf(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return inner instanceof Error ? inner.message : String(inner);
}

/** Writes what is at `url` into `part`, going on from what is there already. Throws EDGE_MODEL_FETCH. */
export async function download(url: string, part: string, onProgress: Progress): Promise<void> {
  const have = await sizeOf(part);
  const watch = silenceWatch();
  let done = 0;
  let total: number | null = null;
  try {
    const response = await ask(url, have, watch.signal);
    if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
    const onward = goesOn(response, have);
    done = onward ? have : 0;
    const length = response.headers.get('content-length');
    total = length === null ? null : done + Number(length);
    const counter = new Transform({
      transform(chunk: Buffer, _, next) {
        done += chunk.length;
        watch.again();
        onProgress(done, total);
        next(null, chunk);
      },
    });
    const body = Readable.fromWeb(response.body as import('node:stream/web').ReadableStream);
    await pipeline(body, counter, createWriteStream(part, { flags: onward ? 'a' : 'w' }));
    if (total !== null && done !== total) throw new Error('the connection ended early');
  } catch (cause) {
    const kept = done > 0 ? `; ${done} of ${total ?? '?'} bytes are kept, the same command goes on from there` : '';
    if (done === 0 && have === 0) await rm(part, { force: true });
    throw new AppError('EDGE_MODEL_FETCH', `${url}: ${causeOf(cause)}${kept}`, { cause });
  } finally {
    watch.stop();
  }
}
