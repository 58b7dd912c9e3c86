/** `kerbwatch models verify` and `bench`: does a model work on this machine, and how fast? */
import type { Times } from '../../edge/inference/measure-model.ts';
import { type Accepting, createPrinter, shelf } from './models-shelf.ts';

export type BenchArguments = Accepting & { readonly frames: number };

export async function verify(name: string | undefined, options: Accepting): Promise<void> {
  const { verifyModel } = await import('../../edge/inference/verify-model.ts');
  const printer = createPrinter(options);
  for (const model of await shelf(options, name)) {
    if (name === undefined && 'present' in model && !model.present) {
      printer.row({ name: model.name, state: 'not here' });
      continue;
    }
    const { version, sha256, faults } = await verifyModel(model.folder, { acceptLicences: options.acceptLicence });
    const state = faults.length === 0 ? 'good' : 'bad';
    printer.row({ name: model.name, state, version, sha256, ...(options.json ? { faults } : {}) });
    if (faults.length === 0) continue;
    process.exitCode = 1;
    if (!options.json) for (const { path, message } of faults) process.stdout.write(`  ${path}: ${message}\n`);
  }
  printer.end();
}

const written = ({ min, median, p95 }: Times): string => `${min.toFixed(2)} / ${median.toFixed(2)} / ${p95.toFixed(2)}`;

export async function bench(name: string | undefined, options: BenchArguments): Promise<void> {
  const { measureModel } = await import('../../edge/inference/measure-model.ts');
  const printer = createPrinter(options);
  if (!options.json) process.stdout.write('model  threads  frame, preprocessing, boxes: min / median / p95, ms\n');
  for (const model of await shelf(options, name)) {
    if (name === undefined && !('present' in model && model.present)) continue;
    const order = { threads: [1, 2], frames: options.frames, acceptLicences: options.acceptLicence };
    for (const { threads, frameMs, preprocessMs, decodeMs } of await measureModel(model.folder, order)) {
      const shown = (times: Times) => (options.json ? times : written(times));
      printer.row({
        name: model.name,
        threads,
        frameMs: shown(frameMs),
        preprocessMs: shown(preprocessMs),
        decodeMs: shown(decodeMs),
      });
    }
  }
  printer.end();
}
