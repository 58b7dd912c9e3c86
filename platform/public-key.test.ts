import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readPublicKey } from './public-key.ts';
import { createNodeKey } from './signing.ts';

const { privateKey, publicKeyPem: pem } = createNodeKey();
const body = pem.split('\n')[1] ?? '';
const der = Buffer.from(body, 'base64');
const head = '302a300506032b6570032100';
const armoured = (bytes: Buffer) =>
  `-----BEGIN PUBLIC KEY-----\n${bytes.toString('base64')}\n-----END PUBLIC KEY-----\n`;
const ofPoint = (hex: string) => armoured(Buffer.from(head + hex, 'hex'));
const spki = (type: 'rsa' | 'x25519' | 'ed448') =>
  (type === 'rsa'
    ? generateKeyPairSync('rsa', { modulusLength: 2048 })
    : generateKeyPairSync(type as 'x25519')
  ).publicKey
    .export({ type: 'spki', format: 'pem' })
    .toString();

const faultOf = (text: string): string | null => {
  const read = readPublicKey(text);
  return 'fault' in read ? read.fault : null;
};

describe('readPublicKey', () => {
  it('takes every key that is made here, in the form in which it was made', () => {
    for (let i = 0; i < 200; i++) {
      const key = createNodeKey().publicKeyPem;
      expect(readPublicKey(key)).toMatchObject({ pem: key });
    }
  });

  it('gives the fingerprint that openssl gives: SHA-256 of the DER form', () => {
    const fingerprint = createHash('sha256').update(createPublicKey(pem).export({ type: 'spki', format: 'der' }));
    expect(readPublicKey(pem)).toEqual({ pem, fingerprint: fingerprint.digest('hex') });
  });

  it.each([
    ['blanks around it', `\n  ${pem}\n\n`],
    ['line ends of another system', pem.replaceAll('\n', '\r\n')],
    ['no last line end', pem.trimEnd()],
    ['broken lines', pem.replace(body, `${body.slice(0, 20)}\n${body.slice(20)}`)],
  ])('brings %s to the one form', (_, text) => expect(readPublicKey(text)).toMatchObject({ pem }));

  it.each([
    ['not a key at all', 'not a key at all'],
    ['nothing', ''],
    ['the private key', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()],
    ['both keys in one text', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() + pem],
    ['two keys', pem + createNodeKey().publicKeyPem],
    ['junk behind it', `${pem}x`],
    ['junk before it', `x${pem}`],
    ['the DER form', der.toString('latin1')],
    ['bare base64', body],
    ['a JWK', JSON.stringify(createPublicKey(pem).export({ format: 'jwk' }))],
    ['RSA', spki('rsa')],
    ['X25519', spki('x25519')],
    ['Ed448', spki('ed448')],
    ['one byte too many', armoured(Buffer.concat([der, Buffer.alloc(1)]))],
    ['one byte too few', armoured(der.subarray(0, 43))],
    ['base64 with a hole', pem.replace(body, `${body.slice(0, 10)}=${body.slice(11)}`)],
    ['another label', pem.replaceAll('PUBLIC', 'RSA PUBLIC')],
    ['headers inside', pem.replace(body, `Proc-Type: 4,ENCRYPTED\n\n${body}`)],
    ['bytes beyond the field', ofPoint('ff'.repeat(32))],
    ['bytes that are no point', ofPoint(`02${'00'.repeat(31)}`)],
  ])('refuses %s', (_, text) => expect(faultOf(text)).not.toBeNull());

  it.each([
    ['0', '00'.repeat(32)],
    ['0, negative', `${'00'.repeat(31)}80`],
    ['1', `01${'00'.repeat(31)}`],
    ['-1', `ec${'ff'.repeat(30)}7f`],
    ['order 8', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'],
    ['order 8, negative', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa'],
    ['order 8, other', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'],
  ])('refuses the point of small order: y = %s', (_, hex) => {
    expect(faultOf(ofPoint(hex))).toMatch(/anybody can sign/);
  });

  it('has a reason: under the neutral point one signature fits every text', () => {
    const neutral = createPublicKey(ofPoint(`01${'00'.repeat(31)}`));
    // R is the base point and S is 1: S·B = R + k·A holds for every k.
    const signature = Buffer.from(`58${'66'.repeat(31)}01${'00'.repeat(31)}`, 'hex');
    expect(verify(null, Buffer.from('anything'), neutral, signature)).toBe(true);
    expect(verify(null, Buffer.from('something else'), neutral, signature)).toBe(true);
  });
});
