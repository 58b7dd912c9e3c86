/** `kerbwatch models`: which models there are, their licences and figures; fetch, verify and time them. */
import type { Command } from 'commander';
import { pull } from './models-pull.ts';
import { type Common, createPrinter, shelf } from './models-shelf.ts';
import { bench, verify } from './models-try.ts';

/** The headline of a card's figures, with what they were counted on; the card and --json have the rest. */
function headline(measured: unknown): string | null {
  if (typeof measured !== 'object' || measured === null) return null;
  const { ap50, ap, on } = measured as { ap50?: unknown; ap?: unknown; on?: unknown };
  const figures = [typeof ap50 === 'number' ? `AP50 ${ap50}` : '', typeof ap === 'number' ? `AP ${ap}` : ''];
  const text = figures.filter(Boolean).join(', ');
  return text === '' ? null : `${text}${typeof on === 'string' ? ` on ${on}` : ''}`;
}

async function list(options: Common): Promise<void> {
  const { licenceFault } = await import('../../edge/models/licence.ts');
  const printer = createPrinter(options);
  for (const model of await shelf(options)) {
    if ('fault' in model) {
      printer.row({ name: model.name, fault: model.fault.message });
      continue;
    }
    const { name, card, present, sha256 } = model;
    printer.row({
      name,
      version: card.version,
      family: card.family,
      licence: card.licence,
      use: licenceFault(card.licence) ? 'only when asked for' : null,
      input: `${card.input.width}x${card.input.height}`,
      weights: present ? 'here' : 'not here',
      sha256: options.json ? sha256 : `sha256 ${sha256 === null ? 'to be given' : `${sha256.slice(0, 12)}…`}`,
      url: options.json || !present ? (card.url ?? null) : null,
      measured: options.json ? (card.measured ?? null) : headline(card.measured),
    });
  }
  printer.end();
}

export function registerModels(program: Command): void {
  const models = program.command('models').description('models with licence, hash and measured accuracy');
  const sub = (usage: string, description: string) =>
    models
      .command(usage)
      .description(description)
      .option('--models <folder>', 'folder of models (default: the one that comes with the program)')
      .option('--json', 'print one JSON array', false)
      .exitOverride();
  const accepting = (usage: string, description: string) =>
    sub(usage, description).option(
      '--accept-licence <spdx...>',
      'licences beyond the permissive ones that you have read and accept',
      [],
    );
  sub('list', 'what is there').action(list);
  accepting('pull [name]', 'fetch weights; without a name all that are missing')
    .option('--from <place>', 'a folder, or an http(s) address (default: the card’s)')
    .option('--sha256 <hash>', 'what the file must hash to, where the card does not say')
    .action(pull);
  accepting('verify [name]', 'card, licence, hash, load and shapes: every fault at once').action(verify);
  accepting('bench [name]', 'time a frame on this machine, with one and two threads')
    .option('--frames <n>', 'runs to measure', Number, 50)
    .action(bench);
}
