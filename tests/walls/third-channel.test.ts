/** A notice channel is one folder and its entry in the written list: added to a copy of the sources, it is all there is to do. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../platform/paths.ts';
import { copyHouse } from './sources.ts';

const run = promisify(execFile);
const root = packageRoot();
const sources = [
  ...['contracts', 'platform', 'hub/cases', 'hub/dedupe', 'hub/ingest', 'hub/notices', 'hub/registry', 'hub/storage'],
  ...[
    'hub/attempts.ts',
    'hub/audit.ts',
    'hub/changes.ts',
    'hub/config.ts',
    'hub/document-fonts.ts',
    'hub/four-eyes-config.ts',
    'hub/links-config.ts',
    'hub/door-config.ts',
    'hub/oidc-config.ts',
    'hub/reports-config.ts',
    'hub/rounds.ts',
    'hub/seal.ts',
    'tests',
    'bench/free-port.ts',
    'package.json',
    'tsconfig.base.json',
  ],
];
const list = 'hub/notices/channels/index.ts';
let copy = '';

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'kerbwatch-channel-'));
  copyHouse(copy, sources);
  cpSync(join(root, 'tests/walls/third-channel/fixture'), copy, { recursive: true });
  const written = readFileSync(join(copy, list), 'utf8')
    .replace("import { portal } from './portal/channel.ts';", "$&\nimport { relay } from './relay/channel.ts';")
    .replace(/(readonly Channel\[\] = \[[^\]]+)\]/, '$1, relay]');
  writeFileSync(join(copy, list), written);
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

test('it compiles', { timeout: 120_000 }, async () => {
  const compilerOptions = { noEmit: true, allowImportingTsExtensions: true };
  const config = { extends: './tsconfig.base.json', compilerOptions, files: [list, 'hub/config.ts'] };
  writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify(config));
  const tsc = run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', copy]);
  expect((await tsc.catch((error: { stdout: string }) => error)).stdout).toBe('');
});

test('it is configured, delivers, and is tried again when it fails', { timeout: 120_000 }, async () => {
  const file = join(copy, 'sent');
  const channel = JSON.stringify({ file, failures: 2 });
  const proof = join(copy, 'tests/walls/third-channel/proof.ts');
  const { stdout } = await run(process.execPath, ['--import', 'tsx', proof, channel], { cwd: copy });
  expect(JSON.parse(stdout)).toEqual({
    kind: 'relay',
    accepts: [true, false, false],
    trail: [
      ['queued', 1, 'the file is away'],
      ['queued', 2, 'the file is away'],
      ['delivered', 3, null],
    ],
  });
  const link = expect.stringMatching(/^http:\/\/hub\/n\/[\w-]{43}$/);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ id: expect.any(String), site: 's', link });
});
