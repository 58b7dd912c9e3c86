/** Starts the cameras of a fleet in a process of their own, whose cost is nobody's. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

export type Publisher = {
  /** Camera number `i`, showing that clip. */
  readonly url: (clip: string, i: number) => string;
  readonly close: () => Promise<void>;
};

/** @param films Annex B files, H.264 without B-frames, by the name that they are asked for */
export async function startPublisher(films: Readonly<Record<string, string>>, fps: number): Promise<Publisher> {
  const fromSources = import.meta.url.endsWith('.ts');
  const file = fileURLToPath(new URL(`./publisher-process.${fromSources ? 'ts' : 'js'}`, import.meta.url));
  const tsx = () => pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const named = Object.entries(films).flatMap(([name, path]) => ['--file', `${name}=${path}`]);
  const args = [...(fromSources ? ['--import', tsx()] : []), file, '--fps', String(fps), ...named];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout);
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the cameras ended with ${code}`);
  });
  ended.catch(() => {});
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
  const { ports } = JSON.parse(line) as { ports: number[] };
  return {
    url: (clip, i) => `rtsp://127.0.0.1:${ports[i % ports.length]}/${clip}/${i}`,
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
