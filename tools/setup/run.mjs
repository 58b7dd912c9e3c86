/** What `npm run demo`, `dev`, `test` and `bench` do before and after: install, build, find programs, run. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installMissing } from './programs.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const stampDir = join(root, 'node_modules', '.kerbwatch');
const [mode = 'demo', ...rest] = process.argv.slice(2);
const args = rest[0] === '--' ? rest.slice(1) : rest;

/** Everything here goes to stderr: stdout belongs to the program's result. */
function print(line) {
  process.stderr.write(`${line}\n`);
}

function fail(line) {
  print(line);
  process.exit(2);
}

function step(title, program, programArgs, env = {}) {
  print(`• ${title} …`);
  const started = Date.now();
  const result = spawnSync(program, programArgs, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (result.status !== 0) {
    print(`${result.stdout ?? ''}${result.stderr ?? ''}`);
    fail(`${title}: failed (${result.error?.message ?? `exit ${result.status}`})`);
  }
  print(`  done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

function hashOf(...texts) {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text);
  return hash.digest('hex');
}

/** Names, sizes and times of every source below the folders: enough to know that a build is still good. */
function fingerprint(folders) {
  const lines = [];
  const visit = (path) => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const full = join(path, entry.name);
      if (entry.isDirectory()) visit(full);
      else if (/\.(ts|tsx|js|mjs|css|html|json|py)$/.test(entry.name)) {
        const { size, mtimeMs } = statSync(full);
        lines.push(`${full} ${size} ${mtimeMs}`);
      }
    }
  };
  for (const folder of folders) if (existsSync(join(root, folder))) visit(join(root, folder));
  return hashOf(lines.sort().join('\n'));
}

/** Runs `work` unless the stamp of `name` says that nothing changed since it last succeeded. */
function once(name, key, present, work) {
  const file = join(stampDir, name);
  if (present && existsSync(file) && readFileSync(file, 'utf8') === key) return;
  work();
  mkdirSync(stampDir, { recursive: true });
  writeFileSync(file, key);
}

function install() {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  // The native module is compiled against this Node; another Node needs another build. `npm ci` would want every other
  // platform's optional binaries in the lock file; `install` takes the locked versions and this platform's binaries.
  once(
    'install',
    hashOf(lock, process.versions.modules),
    existsSync(join(root, 'node_modules', 'better-sqlite3')),
    () => {
      step(
        'Installing packages (a native module is compiled where no binary is to be had: a few minutes)',
        'npm',
        ['install', '--no-save', '--include=dev', '--include=optional', '--no-audit', '--no-fund'],
        {
          ONNXRUNTIME_NODE_INSTALL: 'skip',
          ONNXRUNTIME_NODE_INSTALL_CUDA: 'skip',
          NODE_ENV: 'development',
        },
      );
    },
  );
}

function build() {
  const node = fingerprint([
    'contracts',
    'platform',
    'edge',
    'hub/api',
    'hub',
    'cli',
    'evaluation',
    'bench',
    'demo',
    'sim',
    'test-media/scenes',
    'test-media/cameras',
  ]);
  once('build', node, existsSync(join(root, 'dist', 'cli', 'main.js')), () =>
    step('Building', 'npm', ['run', 'build:node']),
  );
  const web = fingerprint(['hub/console', 'contracts']);
  once('console', web, existsSync(join(root, 'dist', 'console', 'index.html')), () =>
    step('Building the console', 'npm', ['run', 'build:console']),
  );
}

function run(program, programArgs) {
  const result = spawnSync(program, programArgs, { cwd: root, stdio: 'inherit' });
  process.exit(result.status ?? 1);
}

/**
 * Whether a test that `--changed` chooses runs the built program or console, by what it imports. Those are chosen when
 * they themselves were changed, not when the sources were that were built: such a change wants the whole `npm test`.
 */
function someRunTheBuilt() {
  const chosen = [vitest, 'list', ...args, '--filesOnly', '--json'];
  const result = spawnSync(process.execPath, chosen, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (result.status !== 0) return true;
  return JSON.parse(result.stdout || '[]').some(({ file }) =>
    /\/(stage|build|rounds)\.ts'/.test(readFileSync(file, 'utf8')),
  );
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19))
  fail(`Node ${process.versions.node} is too old: 20.19 or newer is needed.`);

const cli = join(root, 'dist', 'cli', 'main.js');
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
install();
switch (mode) {
  case 'demo':
    build();
    run(process.execPath, [cli, 'demo', ...args]);
    break;
  case 'bench':
    build();
    run(process.execPath, [cli, 'bench', ...args]);
    break;
  case 'test':
    if (!args.includes('--changed') || someRunTheBuilt()) build();
    installMissing(print);
    run(process.execPath, [vitest, 'run', ...args]);
    break;
  case 'crash':
    build();
    installMissing(print);
    run(process.execPath, [vitest, 'run', '--config', 'vitest.crash.config.ts', ...args]);
    break;
  case 'build':
    build();
    break;
  case 'dev':
    run(process.execPath, ['--import', 'tsx', join(root, 'tools', 'dev', 'main.ts'), ...args]);
    break;
  default:
    fail(`unknown mode ${mode}`);
}
