/** `--trust`: the fingerprint of the hub's root, or a file with its public key. */
import { readFile, stat } from 'node:fs/promises';
import { TrustView } from '../../contracts/api/trust.ts';
import { AppError } from '../app-error.ts';
import { readPublicKey } from '../public-key.ts';
import { isValid } from '../validate.ts';

const MAX_BYTES = 64 * 1024;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** @returns the root's fingerprint. @throws VERIFY_TRUST */
export async function readTrust(argument: string): Promise<string> {
  const digits = argument.replaceAll(':', '').toLowerCase();
  if (/^[0-9a-f]{64}$/.test(digits)) return digits;
  const found = await stat(argument).catch((cause: unknown) => {
    throw new AppError('VERIFY_TRUST', `${argument} is neither 64 hex digits nor a file`, { cause });
  });
  if (!found.isFile() || found.size > MAX_BYTES)
    throw new AppError('VERIFY_TRUST', `${argument} is no file with a key`);
  const text = (await readFile(argument, 'utf8')).trim();
  const view = parsed(text);
  const key = readPublicKey(isValid(TrustView, view) ? view.publicKey : text);
  if ('fault' in key) throw new AppError('VERIFY_TRUST', `${argument}: ${key.fault}`);
  if (isValid(TrustView, view) && view.fingerprint !== key.fingerprint) {
    throw new AppError('VERIFY_TRUST', `${argument}: the fingerprint is not the one of the public key beside it`);
  }
  return key.fingerprint;
}
