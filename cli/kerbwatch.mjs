#!/usr/bin/env node
/** `npx kerbwatch`: the compiled program; says what to do when it is not built yet. */
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
if (!existsSync(main)) {
  process.stderr.write('kerbwatch is not built yet. Run: node tools/setup/run.mjs build\n');
  process.exit(2);
}
await import(pathToFileURL(main).href);
