/** `kerbwatch models`: which models there are, their licences and figures; fetch, verify and time them. */
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { ShelfModel } from '../../edge/inference/model-shelf.ts';

type Common = { readonly json: boolean; readonly models?: string };

async function shelf(options: Common, name?: string): Promise<ShelfModel[]> {
  const { listModels } = await import('../../edge/inference/model-shelf.ts');
  const { packageRoot } = await import('../../platform/paths.ts');
  const { AppError } = await import('../../platform/app-error.ts');
  const models = await listModels(resolve(options.models ?? join(packageRoot(), 'models')));
  const chosen = models.filter((model) => name === undefined || model.name === name);
  if (name !== undefined && chosen.length === 0) {
    throw new AppError(
      'EDGE_MODEL_CARD',
      `no model is called ${name}; there are ${models.map((m) => m.name).join(', ')}`,
    );
  }
  return chosen;
}

function print(options: Common, rows: readonly Record<string, unknown>[]): void {
  if (options.json) {
    process.stdout.write(`${JSON.stringify(rows)}\n`);
    return;
  }
  for (const row of rows) {
    const cells = Object.values(row).map((value) =>
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    );
    process.stdout.write(`${cells.join('  ')}\n`);
  }
}

async function list(options: Common): Promise<void> {
  const models = await shelf(options);
  print(
    options,
    models.map(({ name, card, present }) => ({
      name,
      version: card.version,
      family: card.family,
      licence: card.licence,
      input: `${card.input.width}x${card.input.height}`,
      weights: present ? 'here' : 'not here',
      sha256: card.sha256,
      measured: card.measured ?? null,
    })),
  );
}

async function pull(name: string | undefined, options: Common & { readonly from: string }): Promise<void> {
  const { pullModel } = await import('../../edge/inference/model-shelf.ts');
  const wanted = (await shelf(options, name)).filter((model) => name !== undefined || !model.present);
  for (const model of wanted) {
    const { file, bytes } = await pullModel(model, options.from);
    print(options, [{ name: model.name, licence: model.card.licence, bytes, file }]);
  }
}

async function each(name: string | undefined, options: Common, timed: boolean): Promise<void> {
  const { measureModel, verifyModel } = await import('../../edge/inference/try-model.ts');
  const { describeError } = await import('../../platform/app-error.ts');
  for (const model of await shelf(options, name)) {
    if (!model.present && name === undefined) {
      print(options, [{ name: model.name, state: 'not here' }]);
      continue;
    }
    try {
      const figures = timed ? await measureModel(model.folder) : await verifyModel(model.folder);
      print(options, [{ name: model.name, state: 'good', ...figures }]);
    } catch (error) {
      if (name !== undefined) throw error;
      print(options, [{ name: model.name, state: describeError(error) }]);
      process.exitCode = 1;
    }
  }
}

export function registerModels(program: Command): void {
  const models = program.command('models').description('models with licence, hash and measured accuracy');
  const sub = (usage: string, description: string) =>
    models
      .command(usage)
      .description(description)
      .option('--models <folder>', 'folder of models (default: the one that comes with the program)')
      .option('--json', 'print JSON, one line a result', false)
      .exitOverride();
  sub('list', 'what is there').action(list);
  sub('pull [name]', 'fetch weights; without a name all that are missing')
    .requiredOption('--from <place>', 'a folder, or an http(s) address')
    .action(pull);
  sub('verify [name]', 'hash, load and shapes').action((name: string | undefined, o: Common) => each(name, o, false));
  sub('bench [name]', 'time on this machine').action((name: string | undefined, o: Common) => each(name, o, true));
}
