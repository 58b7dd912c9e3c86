/** What a configuration leaves unsaid, for programs that use one without the loader's defaults. */
import { resolve } from 'node:path';
import type { Calendar } from '../contracts/schedule.ts';
import type { CameraConfig } from './config.ts';

/** For recordings with a truth of their own: without lists every day is what its weekday says. */
export const defaultCalendar: Calendar = { utcOffsetMinutes: 480, holidays: [], makeUpDays: [] };

/** Whether a source's address is a file path and not a protocol's. */
export const isFilePath = (url: string) => !/^[a-z][a-z0-9+.-]+:/i.test(url);

/** The camera with its file sources' relative paths made absolute. */
export function withFilesFrom(camera: CameraConfig, folder: string): CameraConfig {
  const absolute = <Stream extends { readonly url: string }>(stream: Stream): Stream =>
    isFilePath(stream.url) ? { ...stream, url: resolve(folder, stream.url) } : stream;
  const { analyse } = camera.source;
  return {
    ...camera,
    source: { ...absolute(camera.source), ...(analyse ? { analyse: absolute(analyse) } : {}) },
  };
}

/** The camera with a recording in the place of its streams: one file is analysed and gives the stills. */
export function asRecording(camera: CameraConfig, clip: string): CameraConfig {
  const { analyse: _, main: __, ...source } = camera.source;
  return { ...camera, source: { ...source, url: clip, loop: false } };
}

/** After so many seconds without a packet a stream has timed out. */
export function timeoutSeconds({ stallSeconds, timeoutSeconds = 10 }: CameraConfig['source']): number {
  return stallSeconds ?? timeoutSeconds;
}

/** How a camera remembers its street. */
export function memoryOf({ memory = {} }: Pick<CameraConfig, 'memory'>) {
  const { enabled = true, minDays = 3, sureScore = 0.85, halfLifeDays = 14 } = memory;
  return { enabled, minDays, sureScore, halfLifeDays };
}

/** How changes between frames are detected; `maxIntervalMs`: longest time without an inference. */
export function changeDetection({ changeDetector, gate }: Pick<CameraConfig, 'changeDetector' | 'gate'>) {
  const { enabled = true, sensitivity = 12 } = changeDetector ?? gate ?? {};
  const seconds = changeDetector ? changeDetector.maxIntervalSeconds : gate?.forcedLookSeconds;
  return { enabled, sensitivity, maxIntervalMs: (seconds ?? 5) * 1000 };
}

/** A gate's truck is gone when its finding is written: there the main stream's past must be at hand. */
export function mainStream({ kind, source }: Pick<CameraConfig, 'kind' | 'source'>): 'always' | 'on-demand' {
  if (!source.analyse) return 'always';
  return source.main ?? (kind === 'gate' ? 'always' : 'on-demand');
}
