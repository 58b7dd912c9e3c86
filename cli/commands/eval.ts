/** `kerbwatch eval`: event-level and box-level scores of a model on clips with truth. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { MediaReport, Share } from '../evaluate-media.ts';

type EvalArguments = { readonly media: string; readonly model: string; readonly json: boolean };

function describeShare({ hits, cases, value, interval95 }: Share): string {
  if (value === null || interval95 === null) return 'no case';
  return `${value.toFixed(2)} (${hits} of ${cases}, 95 %: ${interval95.low.toFixed(2)}–${interval95.high.toFixed(2)})`;
}

function describeReport(report: MediaReport): string {
  const { model, byKind, boxes } = report;
  const lines = [`model ${model.name} ${model.version}, ${report.clips.length} clips`];
  for (const [kind, score] of Object.entries(byKind)) {
    const delay = score.delaySeconds
      ? `, reported ${score.delaySeconds.median.toFixed(1)} s after due (worst ${score.delaySeconds.worst.toFixed(1)})`
      : '';
    lines.push(`${kind}: recall ${describeShare(score.recall)}, precision ${describeShare(score.precision)}${delay}`);
  }
  lines.push(`boxes: AP50 ${boxes.ap50?.toFixed(3) ?? 'no case'} over ${boxes.byClass.length} classes`);
  for (const { label, truths, ap50 } of boxes.byClass) {
    lines.push(`  ${label.padEnd(14)} ${ap50.toFixed(3)}  (${truths} boxes)`);
  }
  return lines.join('\n');
}

async function evaluate(options: EvalArguments): Promise<void> {
  const [{ evaluateMedia }, { findModelDir }, { createLog }] = await Promise.all([
    import('../evaluate-media.ts'),
    import('../../edge/inference/load-model.ts'),
    import('../../platform/log.ts'),
  ]);
  const report = await evaluateMedia({
    media: resolve(options.media),
    modelDir: findModelDir(options.model),
    log: createLog({ level: process.env.KERBWATCH_LOG ?? 'warn' }),
    onClip: ({ clip, frames, inferred, events }) => {
      const found = Object.values(events).reduce((sum, score) => sum + score.detected, 0);
      const wanted = Object.values(events).reduce((sum, score) => sum + score.truth, 0);
      const wrong = Object.values(events).reduce((sum, score) => sum + score.falseAlarms, 0);
      process.stderr.write(
        `${clip}: ${found} of ${wanted} found, ${wrong} false, ${frames} frames, ${inferred} looked at\n`,
      );
    },
  });
  process.stdout.write(`${options.json ? JSON.stringify(report) : describeReport(report)}\n`);
}

export function registerEval(program: Command): void {
  program
    .command('eval')
    .description('score events and boxes on clips with a truth file beside them')
    .requiredOption('--media <folder>', 'folder of <clip>.truth.json files and their clips')
    .option('--model <model>', 'a model folder, or its name under models/', 'kerb-s')
    .option('--json', 'print one JSON object', false)
    .action(evaluate);
}
