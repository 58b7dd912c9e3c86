/** Stalls composed from what end-to-end graphs see: two photographs as recordings, from pixels to the event. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CameraConfig } from '../../edge/config.ts';
import { replayClip } from '../../edge/replay.ts';
import { createLog } from '../../platform/log.ts';
import { photographZone, temporaryFolder } from '../e2e/stage.ts';
import { needs, sharedFile } from '../needs.ts';
import { modelFolder } from './coco128.ts';

const SECONDS = 75;
/** Two food trucks with customers, and a row of umbrellas with people below. */
const photographs = { trucks: '000000000257', umbrellas: '000000000315' } as const;
const zone = { ...photographZone, params: { candidateSeconds: 10, dwellSeconds: 30 } };

describe.skipIf(!(needs('shared') && needs('ffmpeg')))('stalls of models without the class', () => {
  const folder = temporaryFolder('deimv2');
  const clips = new Map<string, string>();
  beforeAll(() => {
    for (const [name, photo] of Object.entries(photographs)) {
      const picture = sharedFile(`images/coco128-train/images/${photo}.jpg`) ?? '';
      const clip = join(folder.path, `${name}.mp4`);
      // A picture a second with a little shake and noise, as a camera's are.
      const filter = "scale=656:-2,crop=w=640:h=ih-16:x='8+3*sin(n)':y='8+2*cos(n)',noise=alls=6:allf=t,format=yuv420p";
      const input = ['-loop', '1', '-framerate', '1', '-t', `${SECONDS}`, '-i', picture];
      execFileSync('ffmpeg', ['-v', 'error', ...input, '-vf', filter, '-c:v', 'libx264', '-preset', 'ultrafast', clip]);
      clips.set(name, clip);
    }
  }, 120_000);
  afterAll(folder.remove);

  it.each([
    ['deimv2-femto', 'trucks'],
    ['deimv2-femto', 'umbrellas'],
    ['deimv2-atto', 'trucks'],
    ['deimv2-atto', 'umbrellas'],
  ] as const)(
    '%s: %s are one event each',
    async (model, name) => {
      const clip = clips.get(name) ?? '';
      const { events } = await replayClip({
        clip,
        camera: { id: 'photograph', kind: 'street', source: { url: clip, cadence: 1 }, zones: [zone] } as CameraConfig,
        node: 'deimv2',
        modelDir: modelFolder(model),
        log: createLog({ level: 'error' }),
      });
      const starts = events.filter(({ phase }) => phase === 'start');
      process.stderr.write(
        `${model}, ${name}: ${JSON.stringify(starts.map(({ score, objects }) => [score, objects.map((one) => one.class)]))}\n`,
      );
      expect(starts.length).toBe(1);
      expect(starts[0]?.model.name).toBe(model);
    },
    300_000,
  );
});
