/** A recording played through the line of one camera of a configuration, in words or as events. */
import { dirname, resolve } from 'node:path';
import type { ViolationEvent } from '../contracts/event.ts';
import { AppError } from '../platform/app-error.ts';
import { readCalendar } from '../platform/calendar.ts';
import { loadConfig } from '../platform/load-config.ts';
import { createLog } from '../platform/log.ts';
import { EdgeConfig } from './config.ts';
import { createModelChoice } from './models/model-folder.ts';
import { type Replay, replayClip } from './replay.ts';

export type ReplayFileOptions = {
  /** The node's configuration (YAML). */
  readonly config: string;
  /** Camera whose zones, cadence and model are used. */
  readonly camera: string;
  /** Folder that keeps outbox and evidence. */
  readonly data?: string;
};

/** @throws CFG_*, EDGE_MODEL_*, EDGE_SOURCE_* */
export async function replayFile(clip: string, options: ReplayFileOptions): Promise<Replay> {
  const config = await loadConfig(EdgeConfig, options.config);
  const configDir = dirname(resolve(options.config));
  const camera = config.cameras.find(({ id }) => id === options.camera);
  if (!camera) {
    const message = `no camera has the id ${options.camera}; there are ${config.cameras.map(({ id }) => id).join(', ')}`;
    throw new AppError('CFG_INVALID', options.config, { faults: [{ path: 'cameras', message }] });
  }
  return replayClip({
    clip: resolve(clip),
    camera,
    node: config.node,
    modelDir: await createModelChoice(config, configDir)(camera),
    calendar: await readCalendar(config.calendar, configDir),
    ...(options.data ? { dataDir: resolve(options.data) } : {}),
    log: createLog({ level: process.env.KERBWATCH_LOG ?? 'warn' }),
  });
}

/** An event in one line. */
export function describeEvent(event: ViolationEvent): string {
  const score = event.score.toFixed(2);
  return `${event.at}  ${event.phase.padEnd(6)} ${event.kind.padEnd(12)} ${event.zone}  score ${score}  ${event.evidence.length} stills  ${event.id} rev ${event.rev}`;
}

/** What a replay took and made, in one line; `kerbwatch bench` reads it, of builds of all ages. */
export function describeReplay({ events, frames, inferred, wallMs, evidence: { files, bytes } }: Replay): string {
  return `${events.length} events, ${frames} frames, ${inferred} looked at by the model, ${files} stills (${bytes} bytes), ${(wallMs / 1000).toFixed(1)} s`;
}
