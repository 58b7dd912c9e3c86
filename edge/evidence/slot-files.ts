/** Stills of one camera that survive a restart: named slots and the newest of the past, a file each. */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Hex } from '../../platform/canonical.ts';
import { writeFault, writeWhole } from './evidence-files.ts';
import type { Shot } from './jpeg-encoder.ts';

const PAST = 'past';

/** Slots' names are a rule's own, `past` is not among them. */
const slotPrefix = (slot: string): string => `_${slot}`;

/** `<slot or past>.<at>.<width>x<height>.jpg`, the slot's name in base64url. */
function fileName(slot: string, shot: Shot): string {
  return `${Buffer.from(slot).toString('base64url')}.${shot.at}.${shot.width}x${shot.height}.jpg`;
}

/** @param folder of this camera alone */
export function createSlotFiles(folder: string) {
  async function forget(slot: string, except: string | null): Promise<void> {
    const prefix = `${Buffer.from(slot).toString('base64url')}.`;
    for (const name of await readdir(folder)) {
      if (name.startsWith(prefix) && name !== except) await rm(join(folder, name), { force: true });
    }
  }

  return {
    /** What an earlier run left, the past oldest first. Rejects with EDGE_DISK_FULL or EDGE_EVIDENCE. */
    async read(): Promise<{ readonly slots: ReadonlyMap<string, Shot>; readonly past: readonly Shot[] }> {
      await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
        throw writeFault(folder, cause);
      });
      const slots = new Map<string, Shot>();
      const past: Shot[] = [];
      for (const name of (await readdir(folder)).sort()) {
        const parts = /^([A-Za-z0-9_-]+)\.(\d+)\.(\d+)x(\d+)\.jpg$/.exec(name);
        if (!parts) {
          // Left by a power cut while it was written.
          await rm(join(folder, name), { force: true, recursive: true });
          continue;
        }
        const jpeg = await readFile(join(folder, name));
        const [at, width, height] = parts.slice(2).map(Number) as [number, number, number];
        const shot = { jpeg, sha256: sha256Hex(jpeg), width, height, at };
        const slot = Buffer.from(parts[1] as string, 'base64url').toString();
        if (slot === PAST) past.push(shot);
        else slots.set(slot.slice(1), shot);
      }
      return { slots, past: past.sort((a, b) => a.at - b.at) };
    },
    /** In the place of what the slot held. */
    async write(slot: string, shot: Shot): Promise<void> {
      const name = fileName(slotPrefix(slot), shot);
      await writeWhole(join(folder, name), shot.jpeg, false);
      await forget(slotPrefix(slot), name);
    },
    forget: (slot: string): Promise<void> => forget(slotPrefix(slot), null),
    /** In the place of the past that was written before. */
    async writePast(past: readonly Shot[]): Promise<void> {
      await forget(PAST, null);
      for (const shot of past) await writeWhole(join(folder, fileName(PAST, shot)), shot.jpeg, false);
    },
  };
}
