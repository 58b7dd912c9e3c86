/** Cameras as processes of their own: each serves one prepared file over RTSP to as many as ask, from its own place in it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../platform/paths.ts';
import { freePort } from '../free-port.ts';

export type Publisher = { readonly url: string; readonly close: () => Promise<void> };

const UP_MS = 20_000;

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** @param file Annex B, H.264 without B-frames */
export async function publish(file: string, fps: number): Promise<Publisher> {
  const port = await freePort();
  const fromSources = import.meta.url.endsWith('.ts');
  const root = fromSources ? packageRoot() : join(packageRoot(), 'dist');
  const camera = join(root, 'test-media', 'cameras', fromSources ? 'rtsp-camera.ts' : 'rtsp-camera.js');
  const tsx = () => pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const loader = fromSources ? ['--import', tsx()] : [];
  const args = [...loader, camera, '--port', String(port), '--file', file, '--fps', String(fps)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const deadline = performance.now() + UP_MS;
  while (!(await accepts(port))) {
    if (child.exitCode !== null || performance.now() > deadline) throw new Error(`${camera} does not come up`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url: `rtsp://127.0.0.1:${port}/camera`,
    async close() {
      if (child.exitCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
