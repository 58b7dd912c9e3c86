/** `kerbwatch doctor`: what it says of decoding, with and without an FFmpeg program on the machine. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../platform/paths.ts';

type Finding = { readonly what: string; readonly state: string; readonly detail: string };

function doctor(path: string): Finding[] {
  const program = ['--import', 'tsx', join(packageRoot(), 'cli', 'main.ts'), 'doctor', '--json'];
  const env = { ...process.env, PATH: path };
  const { stdout } = spawnSync(process.execPath, program, { cwd: packageRoot(), env, encoding: 'utf8' });
  return (JSON.parse(stdout) as { findings: Finding[] }).findings;
}

test('decoding is built in, and says under which licence; a machine without FFmpeg lacks nothing that is always needed', () => {
  const findings = doctor('/nowhere');
  const of = (what: string) => findings.find((finding) => finding.what === what);
  expect(of('decoding')).toMatchObject({ state: 'ok' });
  expect(of('decoding')?.detail).toMatch(
    /^built in: node-av \d+\.\d+\.\d+ with FFmpeg \d\S* \(libavcodec \d\S*, GPL-3\.0-or-later\)$/,
  );
  expect(of('ffmpeg')).toMatchObject({ state: 'absent', detail: expect.stringContaining('only for rendering scenes') });
});
