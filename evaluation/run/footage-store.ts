/** Keeps each clip's result as soon as it is there, so that a run that is cut goes on where it was. */
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../platform/app-error.ts';
import { makeFolder } from '../../platform/write-result.ts';
import type { FootagePlay } from '../report/footage-report.ts';

export type FootageStore = {
  /** What an earlier run kept under that key, or null. */
  readonly take: (key: string) => Promise<FootagePlay | null>;
  /** After its pictures: what is kept is whole. @throws CLI_WRITE */
  readonly keep: (key: string, play: FootagePlay) => Promise<void>;
  /** @throws CLI_WRITE */
  readonly putPicture: (name: string, jpeg: Buffer) => Promise<void>;
  readonly picture: (name: string) => Promise<Buffer>;
  /** Removes what nobody asked to keep. */
  readonly close: () => Promise<void>;
};

/** @param folder kept for later runs; null: a temporary one, for the pictures. @throws CLI_WRITE */
export async function createFootageStore(folder: string | null): Promise<FootageStore> {
  const place = folder ?? (await mkdtemp(join(tmpdir(), 'kerbwatch-footage-')));
  const pictures = join(place, 'pictures');
  if (folder) await makeFolder('--resume', folder);
  await mkdir(pictures, { recursive: true });

  async function write(file: string, content: string | Buffer): Promise<void> {
    const beside = `${file}.${process.pid}.part`;
    try {
      await writeFile(beside, content);
      await rename(beside, file);
    } catch (cause) {
      throw new AppError('CLI_WRITE', `--resume ${file}: ${cause instanceof Error ? cause.message : cause}`, { cause });
    }
  }

  return {
    async take(key) {
      const text = await readFile(join(place, `${key}.json`), 'utf8').catch(() => null);
      return text === null ? null : (JSON.parse(text) as FootagePlay);
    },
    keep: (key, play) => write(join(place, `${key}.json`), JSON.stringify(play)),
    putPicture: (name, jpeg) => write(join(pictures, name), jpeg),
    picture: (name) => readFile(join(pictures, name)),
    async close() {
      if (folder === null) await rm(place, { recursive: true, force: true });
    },
  };
}
