/** A node's public key, for registering it; asked for before anything else of the node is there. */
import { resolve } from 'node:path';
import { loadConfig } from '../platform/load-config.ts';
import { loadOrCreateKey } from '../platform/signing.ts';
import { EdgeConfig } from './config.ts';
import { keyFile } from './key-file.ts';

/** The key is made when there is none yet. @param file the configuration. @returns the key as PEM. @throws CFG_* */
export async function readOwnKey(file: string): Promise<{ readonly node: string; readonly publicKey: string }> {
  const { node, dataDir } = await loadConfig(EdgeConfig, file);
  const { publicKeyPem } = await loadOrCreateKey(keyFile(resolve(file, '..', dataDir)));
  return { node, publicKey: publicKeyPem };
}
