/** A hub's data as its upkeep sees it, and a second, empty place beside it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HubPlace } from '../../hub/load-hub.ts';
import { examineHub } from '../../hub/upkeep/doctor/examine-hub.ts';
import { quiet } from '../hub/stores.ts';

export const noProgress = () => {};

export function placeAt(url: string, dataDir: string): HubPlace {
  const options = { log: quiet };
  return { url, options, dataDir, evidenceDir: join(dataDir, 'evidence'), rootSecret: undefined, configDir: dataDir };
}

export function temporaryFolder(name: string): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `kerbwatch-${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Code and place of each finding. */
export async function findingsAt(place: HubPlace, readFiles = true): Promise<[string, string][]> {
  const { findings } = await examineHub(place, { readFiles, onProgress: noProgress });
  return findings.map(({ code, where }) => [code, where]);
}
