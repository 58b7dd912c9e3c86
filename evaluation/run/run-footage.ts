/** `kerbwatch eval --footage` as one call: clips played, results kept, the page written. */
import { resolve } from 'node:path';
import { findModelDir } from '../../edge/models/load-model.ts';
import { createLog } from '../../platform/log.ts';
import { renderFootage } from '../report/footage-page.ts';
import type { FootageReport } from '../report/footage-report.ts';
import { describeFootagePlay } from './describe-footage.ts';
import { evaluateFootage } from './evaluate-footage.ts';
import { createFootageStore, type FootageStore } from './footage-store.ts';
import { pagePlace } from './page-place.ts';
import { readWatch } from './read-footage.ts';

async function writePage(target: string, report: FootageReport, store: FootageStore): Promise<string> {
  const place = pagePlace(target);
  const sources = new Map<string, string>();
  for (const { clips } of report.models) {
    for (const { picture } of clips.flatMap(({ alarms }) => alarms)) {
      if (picture) sources.set(picture.name, await place.picture(picture.name, await store.picture(picture.name)));
    }
  }
  return place.write(renderFootage(report, (name) => sources.get(name) ?? ''));
}

/**
 * Clips without truth, with each model: what is reported is a false alarm.
 * @param options `resume`: folder that keeps each clip's result, and from which a later run takes it up; `zones`: file
 * with the zones of every clip; `report`: a page with the still of each false alarm
 * @throws EVAL_TRUTH, CFG_*, EDGE_MODEL_*, EDGE_SOURCE_*, CLI_WRITE
 */
export async function runFootage(
  folder: string,
  options: {
    /** Model folders, or names under models/. */
    readonly models: readonly string[];
    readonly jobs: number;
    readonly repeatTo?: number;
    readonly resume?: string;
    readonly zones?: string;
    readonly report?: string;
    /** Takes lines of progress. */
    readonly progress: (line: string) => void;
  },
): Promise<FootageReport> {
  const { progress, jobs, repeatTo, resume, zones } = options;
  const modelDirs = options.models.map((model) => findModelDir(model));
  const watch = zones === undefined ? undefined : await readWatch(zones);
  const store = await createFootageStore(resume === undefined ? null : resolve(resume));
  try {
    const report = await evaluateFootage({
      footage: resolve(folder),
      ...{ modelDirs, store, jobs },
      ...(watch ? { watch } : {}),
      ...(repeatTo === undefined ? {} : { repeatToSeconds: repeatTo }),
      log: createLog({ level: process.env.KERBWATCH_LOG ?? 'warn' }),
      onClip: ({ model, play, kept, done, all }) =>
        progress(`[${done}/${all}] ${model.name} ${describeFootagePlay(play)}${kept ? ' (kept)' : ''}`),
    });
    if (options.report) progress(await writePage(resolve(options.report), report, store));
    return report;
  } finally {
    await store.close();
  }
}
