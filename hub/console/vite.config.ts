/** Builds the console into dist/console; `vite --config hub/console/vite.config.ts` serves it beside a running hub. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const hub = process.env.KERBWATCH_HUB ?? 'http://127.0.0.1:8080';

/** Each file once more in Brotli (RFC 7932) and gzip (RFC 1952) beside it, so that the hub packs nothing while it serves. */
function packed(): Plugin {
  return {
    name: 'packed',
    apply: 'build',
    writeBundle({ dir = '' }, bundle) {
      for (const name of Object.keys(bundle).filter((file) => /\.(js|css|html|svg)$/.test(file))) {
        const bytes = readFileSync(join(dir, name));
        writeFileSync(join(dir, `${name}.br`), brotliCompressSync(bytes));
        writeFileSync(join(dir, `${name}.gz`), gzipSync(bytes));
      }
    },
  };
}

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react(), packed()],
  build: {
    outDir: fileURLToPath(new URL('../../dist/console', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    // One chunk of about 1 MB, 300 KB on the wire: the desk is opened once a shift on a local network.
    chunkSizeWarningLimit: 1500,
  },
  server: { proxy: { '/api': hub, '/n': hub } },
});
