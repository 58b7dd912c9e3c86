/** Writes an evaluation's page: one file with its pictures inside, or a folder with its pictures beside it. */
import type { Ffmpeg } from '../../platform/find-ffmpeg.ts';
import type { FailurePicture, ShownFailure } from '../report/failures.ts';
import type { MediaReport } from '../report/media-report.ts';
import { renderReport } from '../report/page.ts';
import type { Failure } from '../scoring/score-clip.ts';
import { UNSTATED } from '../truth/truth.ts';
import { drawMoment } from './draw-failures.ts';
import { pagePlace } from './page-place.ts';

/** About 90 kB a picture; with more of them a page of one file would grow beyond what a phone opens. */
const WIDTH = 960;
const SMALL_WIDTH = 640;
const MAX_LARGE = 120;

/**
 * Writes the page to `target` (a name that ends in .html: one file; else a folder with index.html) and gives its path.
 * Pictures are taken from the clips in `media` with FFmpeg.
 */
export async function writeReport(
  target: string,
  evaluation: { readonly report: MediaReport; readonly failures: readonly Failure[] },
  options: { readonly media: string; readonly ffmpeg: Ffmpeg },
): Promise<string> {
  const place = pagePlace(target);
  const { report, failures } = evaluation;
  const moments = failures.reduce((sum, failure) => sum + failure.moments.length, 0);
  const width = place.oneFile && moments > MAX_LARGE ? SMALL_WIDTH : WIDTH;
  const scenes = new Map(report.clips.map(({ clip, scene }) => [clip, scene]));
  const unstated = { world: UNSTATED, light: UNSTATED, weather: UNSTATED };
  let count = 0;
  const shown: ShownFailure[] = [];
  for (const failure of failures) {
    const pictures: FailurePicture[] = [];
    for (const moment of failure.moments) {
      const drawing = await drawMoment(failure, moment, { ...options, width });
      if (!drawing) {
        pictures.push(drawing);
        continue;
      }
      const src = await place.picture(`${String(++count).padStart(3, '0')}.jpg`, drawing.jpeg);
      pictures.push({ src, width: drawing.width, height: drawing.height });
    }
    shown.push({ failure, scene: scenes.get(failure.clip) ?? unstated, pictures });
  }
  return place.write(renderReport(report, shown));
}
