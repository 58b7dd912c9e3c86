/** What goes over the wire packed, and what does not. */

import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildConsole } from '../console/build.ts';
import { startSeededHub } from './seeded-hub.ts';

let seeded: Awaited<ReturnType<typeof startSeededHub>>;
beforeAll(async () => {
  await buildConsole();
  seeded = await startSeededHub();
});
afterAll(() => seeded.close());

/** The bytes as they came: `fetch` would unpack them. */
function raw(path: string, encoding: string): Promise<{ encoding: string | undefined; body: Buffer }> {
  const headers = { ...seeded.people.viewer.credentials, 'accept-encoding': encoding };
  return new Promise((resolve, reject) => {
    const asked = request(`${seeded.hub.url}${path}`, { headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => resolve({ encoding: answer.headers['content-encoding'], body: Buffer.concat(parts) }));
    });
    asked.on('error', reject).end();
  });
}

test('a list is packed for who takes it, and says the same', async () => {
  const packed = await raw('/api/v1/cases', 'gzip, br');
  const plain = await raw('/api/v1/cases', 'identity');
  expect([packed.encoding, plain.encoding]).toEqual(['gzip', undefined]);
  expect(JSON.parse(gunzipSync(packed.body).toString())).toMatchObject({
    counts: JSON.parse(plain.body.toString()).counts,
  });
  expect(packed.body.length).toBeLessThan(plain.body.length / 3);
});

test('short answers, which may hold a secret, are left as they are', async () => {
  expect((await raw('/api/v1/session', 'gzip')).encoding).toBeUndefined();
});

test('the console lies packed beside itself', async () => {
  const page = (await raw('/', 'identity')).body.toString();
  const script = /src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1] ?? '';
  const packed = await raw(script, 'br, gzip');
  const plain = await raw(script, 'identity');
  expect([packed.encoding, plain.encoding]).toEqual(['br', undefined]);
  expect(packed.body.length).toBeLessThan(plain.body.length / 3);
});
