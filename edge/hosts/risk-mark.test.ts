import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../platform/paths.ts';
import { createRiskMark } from './risk-mark.ts';

const child = join(packageRoot(), 'tests', 'edge', 'risk-child.ts');

test.each([
  ['during', 41],
  ['after', null],
])('a process that crashes %s the call leaves %s', async (how, place) => {
  const mark = createRiskMark();
  try {
    expect(mark.read()).toBeNull();
    const started = spawn(process.execPath, ['--import', 'tsx', child, '3', '41', how], {
      stdio: ['ignore', 'inherit', 'inherit', mark.stdio],
    });
    expect(await once(started, 'exit')).toEqual([null, 'SIGSEGV']);
    expect(mark.read()).toBe(place);
  } finally {
    mark.close();
  }
});
