/** What the tests of bad input share: a configuration that is sound but for what a test changes, and how a refusal reads. */
import { join } from 'node:path';
import { expect } from 'vitest';
import { loadClips } from '../../demo/clips.ts';
import { packageRoot } from '../../platform/paths.ts';
import { writeConfig } from './stage.ts';

export const clip = loadClips()[0]?.file ?? '';
export const zone = {
  id: 'z',
  kind: 'road-stall',
  polygon: [
    [0.1, 0.1],
    [0.9, 0.1],
    [0.9, 0.9],
  ],
};

/** Writes a node's configuration into the folder. @param more,camera keys that take the place of its own */
export function writeEdge(folder: string, name: string, more: object = {}, camera: object = {}): string {
  return writeConfig(join(folder, `${name}.yaml`), {
    node: 'bad-edge',
    dataDir: join(folder, name),
    modelsDir: join(packageRoot(), 'models'),
    model: 'kerb-s',
    uplink: { mqtt: 'mqtt://127.0.0.1:9', password: 'env:BAD', evidence: 'http://127.0.0.1:9' },
    cameras: [{ id: 'c1', kind: 'street', source: { url: clip }, zones: [zone], ...camera }],
    ...more,
  });
}

/** The first line is the message: a code, what, where. The arrow line says how to fix it. */
export function expectOneClearLine(
  result: { status: number; stderr: string },
  status: number,
  code: string,
  ...words: string[]
) {
  const lines = result.stderr.trim().split('\n');
  expect(lines[0]).toContain(`kerbwatch: ${code} `);
  for (const word of words) expect(result.stderr).toContain(word);
  expect(lines.at(-1)).toContain('→');
  expect(result.stderr).not.toMatch(/\n\s+at .*\(/);
  expect(result.status).toBe(status);
}
