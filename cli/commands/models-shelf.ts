/** What the parts of `kerbwatch models` share: the models asked for, and how results are printed. */
import { join, resolve } from 'node:path';
import type { BrokenModel, ListedModel } from '../../edge/models/list-models.ts';

export type Common = { readonly json: boolean; readonly models?: string };
export type Accepting = Common & { readonly acceptLicence: readonly string[] };

/** The models of the folder, or the one of that name. Throws EDGE_MODEL_CARD when there is none. */
export async function shelf(options: Common, name?: string): Promise<(ListedModel | BrokenModel)[]> {
  const { listModels } = await import('../../edge/models/list-models.ts');
  const { packageRoot } = await import('../../platform/paths.ts');
  const { AppError } = await import('../../platform/app-error.ts');
  const models = await listModels(resolve(options.models ?? join(packageRoot(), 'models')));
  const chosen = models.filter((model) => name === undefined || model.name === name);
  if (name !== undefined && chosen.length === 0) {
    const names = models.map((model) => model.name).join(', ');
    throw new AppError('EDGE_MODEL_CARD', `no model is called ${name}; there are ${names}`);
  }
  return chosen;
}

export type Printer = { readonly row: (row: Record<string, unknown>) => void; readonly end: () => void };

/** Rows as they come for a person, one array at the end for a program. */
export function createPrinter({ json }: Common): Printer {
  const rows: Record<string, unknown>[] = [];
  return {
    row(row) {
      rows.push(row);
      if (json) return;
      const cells = Object.values(row)
        .filter((value) => value !== null)
        .map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)));
      process.stdout.write(`${cells.join('  ')}\n`);
    },
    end: () => void (json && process.stdout.write(`${JSON.stringify(rows)}\n`)),
  };
}
