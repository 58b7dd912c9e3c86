/** `kerbwatch models pull`: weights that do not come with the program, held to their hash. */
import { type Accepting, createPrinter, shelf } from './models-shelf.ts';

export type PullArguments = Accepting & { readonly from?: string; readonly sha256?: string };

const MEGABYTE = 1_000_000;
/** Progress is written each time so much more is there. */
const STEP = 0.1;
/** Stands for the size of a file that does not say its own. */
const UNKNOWN_SIZE = 50 * MEGABYTE;

/** Writes to stderr how far a fetch has come. */
function progressOf(name: string): (done: number, total: number | null) => void {
  let written = 0;
  return (done, total) => {
    const share = done / (total ?? UNKNOWN_SIZE);
    if (share < written + STEP) return;
    written = Math.floor(share / STEP) * STEP;
    const whole = total === null ? '' : ` of ${(total / MEGABYTE).toFixed(1)}`;
    process.stderr.write(`${name}: ${(done / MEGABYTE).toFixed(1)}${whole} MB\n`);
  };
}

export async function pull(name: string | undefined, options: PullArguments): Promise<void> {
  const { pullModel } = await import('../../edge/models/pull-model.ts');
  const { describeError } = await import('../../platform/app-error.ts');
  const printer = createPrinter(options);
  for (const model of await shelf(options, name)) {
    try {
      if ('fault' in model) throw model.fault;
      // Without a name: all that are missing and whose hash is known.
      if (name === undefined && (model.present || model.sha256 === null)) continue;
      const { file } = await pullModel(model, {
        ...(options.from === undefined ? {} : { from: options.from }),
        ...(options.sha256 === undefined ? {} : { sha256: options.sha256 }),
        acceptLicences: options.acceptLicence,
        onProgress: progressOf(model.name),
      });
      printer.row({ name: model.name, licence: model.card.licence, file });
    } catch (error) {
      if (name !== undefined) throw error;
      printer.row({ name: model.name, fault: describeError(error) });
      process.exitCode = 1;
    }
  }
  printer.end();
}
