/** Where a page goes: one file with its pictures inside where the name ends in .html, else a folder with them beside index.html. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export type PagePlace = {
  readonly oneFile: boolean;
  /** Takes a JPEG under a file name; resolves with what the page calls it. */
  readonly picture: (name: string, jpeg: Buffer) => Promise<string>;
  /** Writes the page; resolves with its path. */
  readonly write: (html: string) => Promise<string>;
};

export function pagePlace(target: string): PagePlace {
  const oneFile = target.endsWith('.html');
  const folder = oneFile ? dirname(target) : target;
  const file = oneFile ? target : join(folder, 'index.html');

  return {
    oneFile,
    async picture(name, jpeg) {
      if (oneFile) return `data:image/jpeg;base64,${jpeg.toString('base64')}`;
      await mkdir(join(folder, 'pictures'), { recursive: true });
      await writeFile(join(folder, 'pictures', name), jpeg);
      return `pictures/${name}`;
    },
    async write(html) {
      await mkdir(folder, { recursive: true });
      await writeFile(file, html);
      return file;
    },
  };
}
