/** What a configuration leaves unsaid, for programs that use one without the loader's defaults. */
import { resolve } from 'node:path';
import type { Calendar } from '../contracts/schedule.ts';
import type { CameraConfig } from './config.ts';

/** For recordings with a truth of their own: without lists every day is what its weekday says. */
export const defaultCalendar: Calendar = { utcOffsetMinutes: 480, holidays: [], makeUpDays: [] };

/** The camera with a file source's relative path made absolute. */
export function withFilesFrom(camera: CameraConfig, folder: string): CameraConfig {
  const { url } = camera.source;
  if (/^[a-z][a-z0-9+.-]+:/i.test(url)) return camera;
  return { ...camera, source: { ...camera.source, url: resolve(folder, url) } };
}
