/** The public key of a node, as people hand it over: a file, the standard input, or the text itself. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { AppError } from '../../platform/app-error.ts';
import { readPublicKey } from '../../platform/public-key.ts';

/** The bare body of a PEM, too: what is left when somebody copies the middle line. */
function pemOf(given: string): string {
  const plain = given.replaceAll('\\n', '\n').trim();
  if (!/^[A-Za-z0-9+/]{50,120}={0,2}$/.test(plain)) return plain;
  return `-----BEGIN PUBLIC KEY-----\n${plain}\n-----END PUBLIC KEY-----\n`;
}

/** @throws CFG_KEY */
function publicKeyOf(given: string, from: string): string {
  const key = readPublicKey(pemOf(given));
  if ('fault' in key) throw new AppError('CFG_KEY', `${from}: ${given.trim() === '' ? 'empty' : key.fault}`);
  return key.pem;
}

/** @param given a file, `-` for the standard input, or the key itself. @throws CFG_KEY */
export async function readNodeKey(given: string): Promise<string> {
  if (given === '-') return publicKeyOf(await text(process.stdin), 'standard input');
  if (given.includes('BEGIN ') || /^MCowBQYDK2Vw/.test(given)) return publicKeyOf(given, 'the key given');
  const file = await readFile(given, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new AppError('CFG_KEY', `${given}: ${cause.code ?? cause.message}`, { cause });
  });
  return publicKeyOf(file, given);
}
