/** The public key of a node, as people hand it over: a file, the standard input, or the text itself. */
import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { AppError } from '../platform/app-error.ts';

const END = '-----END PUBLIC KEY-----';

/** The bare body of a PEM, too: what is left when somebody copies the middle line. */
function pemOf(given: string): string {
  const plain = given.replaceAll('\\n', '\n').trim();
  if (/^[A-Za-z0-9+/]{50,120}={0,2}$/.test(plain)) return `-----BEGIN PUBLIC KEY-----\n${plain}\n${END}\n`;
  return plain;
}

/** @throws CFG_KEY */
export function publicKeyOf(given: string, from: string): string {
  const pem = pemOf(given);
  if (/PRIVATE KEY/.test(pem))
    throw new AppError('CFG_KEY', `${from}: this is the private key, which stays on the box and is shown to nobody`);
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType !== 'ed25519') throw new Error(`it is a key of type ${key.asymmetricKeyType}`);
    return key.export({ type: 'spki', format: 'pem' }).toString();
  } catch (cause) {
    const why = pem === '' ? 'empty' : cause instanceof Error && cause.message.startsWith('it is') ? cause.message : '';
    throw new AppError('CFG_KEY', why ? `${from}: ${why}` : from, { cause });
  }
}

/** @param given a file, `-` for the standard input, or the key itself. @throws CFG_KEY */
export async function readPublicKey(given: string): Promise<string> {
  if (given === '-') return publicKeyOf(await text(process.stdin), 'standard input');
  if (given.includes('BEGIN ') || /^MCowBQYDK2Vw/.test(given)) return publicKeyOf(given, 'the key given');
  const file = await readFile(given, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new AppError('CFG_KEY', `${given}: ${cause.code ?? cause.message}`, { cause });
  });
  return publicKeyOf(file, given);
}
