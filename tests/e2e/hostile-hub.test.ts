/** Something that is no hub, or no friend, answers the commands of `kerbwatch node`: one clear line, and a terminal that stays as it was. */
import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../platform/paths.ts';

type Answer = { readonly status: number; readonly text: string };
let answers: Readonly<Record<string, Answer>> = {};
let server: Server;
beforeAll(async () => {
  server = createServer((request, response) => {
    const { status, text } = answers[`${request.method} ${request.url}`] ?? { status: 404, text: '' };
    request.resume();
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

function list(): Promise<{ code: number; stdout: string; stderr: string }> {
  const { port } = server.address() as AddressInfo;
  const main = join(packageRoot(), 'cli/main.ts');
  const hub = ['--hub', `http://127.0.0.1:${port}`, '--password', 'env:HOSTILE_HUB_TEST'];
  const env = { ...process.env, HOSTILE_HUB_TEST: 'secret of the administrator' };
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', main, 'node', 'list', ...hub], { env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const STEERS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;
const problem = (more: object) => ({
  status: 403,
  text: JSON.stringify({ title: 'No', titleZh: '否', status: 403, type: 'urn:x', code: 'API_FORBIDDEN', ...more }),
});

test.each([
  ['a page of another server', { status: 200, text: '<html>log in to this network</html>' }, 'HUB_UNREACHABLE'],
  ['JSON of something else', { status: 200, text: '{"ok":true}' }, 'HUB_UNREACHABLE'],
  ['a code that only every object has', problem({ code: 'constructor' }), 'HUB_UNREACHABLE'],
  ['faults that are no list', problem({ errors: { length: 1 } }), 'HUB_UNREACHABLE'],
  ['words that steer a terminal', problem({ detail: 'a\u001b[2J\u001b]0;x\u0007\u202eb\rc' }), 'API_FORBIDDEN'],
])('%s', async (_what, answer, code) => {
  answers = { 'POST /api/v1/session': answer };
  const { code: exit, stderr, stdout } = await list();
  expect([exit, stdout]).toEqual([1, '']);
  expect(stderr.startsWith(`kerbwatch: ${code} `)).toBe(true);
  expect(stderr).not.toMatch(STEERS);
  expect(stderr).not.toContain('undefined');
  expect(stderr).not.toContain('secret of');
});

test('names in a list are one line each, and steer nothing', async () => {
  const node = { id: 'a', disabled: false, status: null, lastSeq: 1, missing: [], lastEventAt: null };
  const name = { zh: 'x', en: 'Gate\u001b[1A\u001b[2K\n b   online\u202e' };
  answers = {
    'POST /api/v1/session': { status: 200, text: JSON.stringify({ user: {}, csrf: 'x', demo: false }) },
    'GET /api/v1/nodes': { status: 200, text: JSON.stringify([{ ...node, name }]) },
  };
  const { code, stdout } = await list();
  expect(code).toBe(0);
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  expect(stdout).not.toMatch(STEERS);
});
