/** Builds the console into dist/console; `vite --config hub/console/vite.config.ts` serves it beside a running hub. */
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const hub = process.env.KERBWATCH_HUB ?? 'http://127.0.0.1:8080';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL('../../dist/console', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    // One chunk of about 1 MB, 300 KB on the wire: the desk is opened once a shift on a local network.
    chunkSizeWarningLimit: 1500,
  },
  server: { proxy: { '/api': hub, '/n': hub } },
});
