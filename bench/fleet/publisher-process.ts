/**
 * A process that is many cameras over RTSP, on ports of one machine: each port's cameras stand at another place of
 * their clip and of its groups of pictures, as cameras of a city do.
 *
 * publisher-process --fps 10 --file calm=calm.264 … prints one line of JSON when it is up: {"ports":[…]}
 */
import { parseArgs } from 'node:util';
import { readFile, startRtspCamera } from '../../test-media/cameras/rtsp-camera.ts';

const PHASES = 10;
/** Moves on through the clip, and with each step by a tenth of a group of pictures more. */
const STEP_SECONDS = 4.2;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { fps: { type: 'string', default: '10' }, file: { type: 'string', multiple: true, default: [] } },
  });
  const fps = Number(values.fps);
  const files = Object.fromEntries(
    values.file.map((text) => {
      const at = text.indexOf('=');
      return [text.slice(0, at), readFile(text.slice(at + 1))];
    }),
  );
  const ports: number[] = [];
  for (let phase = 0; phase < PHASES; phase++) {
    const { port } = await startRtspCamera({ fps, files, startAt: Math.round(phase * STEP_SECONDS * fps) });
    ports.push(port);
  }
  process.stdout.write(`${JSON.stringify({ ports })}\n`);
  // Its parent holds the other end: whatever becomes of that one, no cameras stay behind.
  process.stdin.resume().once('end', () => process.exit(1));
}

await main();
