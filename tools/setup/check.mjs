/** `npm run check`: every script `check:…` of package.json, as many beside each other as there are processors. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const waiting = Object.keys(scripts).filter((name) => name.startsWith('check:'));
const seconds = (from) => `${((performance.now() - from) / 1000).toFixed(1)} s`;
const begun = performance.now();
let failed = 0;

/** One script; its output is printed in one piece, and only where it failed. */
function run(name) {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn('npm', ['run', '--silent', name], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', reject);
    child.on('close', (code) => {
      const good = code === 0;
      if (!good) failed += 1;
      process.stdout.write(`${good ? 'ok    ' : 'FAILED'} ${name} (${seconds(started)})\n${good ? '' : output}`);
      resolve();
    });
  });
}

async function takeTurns() {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await run(name);
}

await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, takeTurns));
process.stdout.write(`${failed === 0 ? 'all good' : `${failed} failed`} in ${seconds(begun)}\n`);
process.exitCode = failed === 0 ? 0 : 1;
