/** `kerbwatch hub backup`, `restore`, `doctor` as an operator runs them: words, JSON, exit codes. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore } from '../../hub/storage/store.ts';
import { packageRoot } from '../../platform/paths.ts';
import { quiet } from '../hub/stores.ts';
import { createEmptyHub } from '../upkeep/empty-hub.ts';
import { temporaryFolder } from '../upkeep/hub-place.ts';

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

const folder = temporaryFolder('hub-upkeep');
const at = (...names: string[]) => join(folder.path, ...names);
const config = (name: string) => at(`${name}.yaml`);

async function kerbwatch(...args: string[]): Promise<Ended> {
  const program = ['--import', 'tsx', join(packageRoot(), 'cli', 'main.ts'), ...args];
  const options = { cwd: packageRoot(), encoding: 'utf8' as const };
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, program, options)) };
  } catch (error) {
    const { code, stdout, stderr } = error as Ended;
    return { code, stdout, stderr };
  }
}

describe('a hub’s upkeep from a terminal', () => {
  beforeAll(async () => {
    for (const name of ['one', 'two']) {
      mkdirSync(at(name));
      writeFileSync(config(name), `database: sqlite:${at(name, 'hub.db')}\ndataDir: ${at(name)}\n`);
    }
    await createEmptyHub(at('one'));
  });
  afterAll(() => folder.remove());

  test('a backup appears whole, goes back elsewhere and is sound there', async () => {
    const made = await kerbwatch('hub', 'backup', '--config', config('one'), '--to', at('backup'));
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toMatch(/read again and whole[\s\S]*root key is not inside/);
    expect(existsSync(at('backup.part'))).toBe(false);
    expect(statSync(at('backup')).mode & 0o777).toBe(0o700);
    expect(statSync(at('backup', 'database.sqlite')).mode & 0o777).toBe(0o600);

    const restored = await kerbwatch('hub', 'restore', '--config', config('two'), '--from', at('backup'), '--json');
    expect(restored.code).toBe(0);
    expect(JSON.parse(restored.stdout)).toMatchObject({ setAside: null, rootKey: 'missing' });

    const sound = await kerbwatch('hub', 'doctor', '--config', config('two'), '--json');
    expect(sound.code).toBe(0);
    expect(JSON.parse(sound.stdout)).toMatchObject({ findings: [], counts: {} });
  });

  test('a finding is code 1 with where and how; what is missing to the command is code 2', async () => {
    const store = await openStore(`sqlite:${at('two', 'hub.db')}`, { log: quiet });
    await store.db.deleteFrom('audit').execute();
    await store.close();
    const found = await kerbwatch('hub', 'doctor', '--config', config('two'));
    expect(found.code).toBe(1);
    expect(found.stdout).toMatch(/^HUB_CHECK_AUDIT entry 1: [\s\S]*\n {2}→ Keep the database/);
    expect((await kerbwatch('hub', 'backup', '--config', config('one'))).code).toBe(2);
    expect((await kerbwatch('hub', 'doctor')).code).toBe(2);
  });

  test('refusals are one line with a code, and nothing is left behind', async () => {
    const again = await kerbwatch('hub', 'backup', '--config', config('one'), '--to', at('backup'));
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toContain('kerbwatch: HUB_BACKUP_TARGET');
    const occupied = await kerbwatch('hub', 'restore', '--config', config('two'), '--from', at('backup'));
    expect(occupied.stderr).toContain('kerbwatch: HUB_RESTORE_OCCUPIED');
    rmSync(at('backup', 'manifest.json'));
    const half = await kerbwatch('hub', 'restore', '--config', config('two'), '--from', at('backup'), '--replace');
    expect(half.stderr).toContain('kerbwatch: HUB_BACKUP_DAMAGED');
  });
});
