/** The library's memory is not the collector's: what is not given back explicitly is lost. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { packageRoot } from '../../platform/paths.ts';
import { needs } from '../needs.ts';
import { make, moving, x264 } from './stage.ts';

test.skipIf(!needs('ffmpeg'))('memory is flat over 2,000 openings', async () => {
  const clip = make('again.mp4', moving('640x360', 1), ['-pix_fmt', 'yuv420p', ...x264('keyint=5')]);
  const child = join(packageRoot(), 'tests', 'media', 'memory-child.ts');
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', child, clip, '2000']);
  const [early, late] = JSON.parse(stdout) as [number, number];
  // A decoder of this size that is not freed holds 1 MB: 1,800 of them would be seen.
  expect(late - early).toBeLessThan(60);
});
