/** Orders to what a camera remembers, through a real host process, its outbox and a restart; and from the command line. */
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { MemoryMap } from '../../contracts/camera-memory.ts';
import { AppError } from '../../platform/app-error.ts';
import { packageRoot } from '../../platform/paths.ts';
import { comingAndGoing } from '../crash/rounds.ts';
import { kerbwatch, temporaryFolder, writeConfig } from '../e2e/stage.ts';
import { needs } from '../needs.ts';
import { until } from '../processes.ts';
import { cameraOn, NODE, openStage } from './hosts-stage.ts';

const folder = temporaryFolder('camera-memory');
afterAll(folder.remove);
const sights = [
  { class: 'stall', box: [0.4, 0.4, 0.1, 0.2] as [number, number, number, number], at: '2026-11-23T04:00:00.000Z' },
];
const about = { command: 'verdict', camera: 'a', kind: 'road-stall', verdict: 'rejected', sights } as const;
const raised = ({ layers }: MemoryMap) => layers.flatMap(({ cells }) => cells.filter(({ bar }) => bar > 0)).length;

describe.skipIf(!needs('ffmpeg'))('orders to a camera’s memory', () => {
  test('are carried out once for each id, safe when they are answered, and there after a restart', async () => {
    const dataDir = join(folder.path, 'data');
    const camera = cameraOn('a', comingAndGoing(folder.path), { loop: true });
    const first = await openStage(dataDir, [camera], { hosts: 1 });
    await first.begin();
    await until('a frame has gone through', () => first.begun.length > 0);
    await expect(first.hosts.memory({ requestId: '0', command: 'memory-show', camera: 'b' })).rejects.toThrow(AppError);
    await first.hosts.memory({ requestId: '1', ...about, case: 'one' });
    await first.hosts.memory({ requestId: '1', ...about, case: 'one' });
    const both = await first.hosts.memory({ requestId: '2', ...about, case: 'two' });
    expect(raised(both)).toBeGreaterThan(0);
    await until('its status says so', () => first.statuses.get('a')?.raisedCells === both.raised);
    // Killed, not stopped: what was answered is on the disk.
    process.kill(first.pidOf('a'), 'SIGKILL');
    await first.close();

    const second = await openStage(dataDir, [camera], { hosts: 1 });
    await second.begin();
    await until('a frame has gone through', () => second.begun.length > 0);
    const show = () => second.hosts.memory({ requestId: '3', command: 'memory-show', camera: 'a' });
    expect(raised(await show())).toBe(both.raised);
    const unknown = second.hosts.memory({ requestId: '4', command: 'memory-reset', camera: 'a', zone: 'nowhere' });
    await expect(unknown).rejects.toThrow(/no zone nowhere/);
    const reset = { requestId: '5', command: 'memory-reset', camera: 'a' } as const;
    expect(raised(await second.hosts.memory(reset))).toBe(0);
    const again = await second.hosts.memory({ requestId: '6', command: 'memory-restore', camera: 'a' });
    expect(again.raised).toBe(both.raised);
    // The same order once more is known, and does nothing.
    expect((await second.hosts.memory(reset)).raised).toBe(both.raised);
    await second.close();

    const config = await writeConfig(join(folder.path, 'edge.yaml'), {
      ...{ node: NODE, dataDir, modelsDir: join(packageRoot(), 'models'), model: 'kerb-s', cameras: [camera] },
      uplink: { mqtt: 'mqtt://127.0.0.1:1', password: 'env:NONE', evidence: 'http://127.0.0.1:1' },
    });
    const memory = (...more: string[]) => kerbwatch(['camera', 'memory', '--config', config, '--camera', 'a', ...more]);
    const printed = memory();
    expect([printed.status, printed.stdout]).toEqual([0, expect.stringContaining(`asked of ${both.raised} cells`)]);
    expect(JSON.parse(memory('--json', '--forget').stdout).raised).toBe(0);
    expect(JSON.parse(memory('--json', '--restore').stdout).raised).toBe(both.raised);
    expect(memory('--camera', 'zz').status).not.toBe(0);
  });
});
