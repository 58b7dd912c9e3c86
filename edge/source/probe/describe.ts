/** What a camera sends, in lines for a terminal. */
import type { CameraProbe } from './facts.ts';

function keyframes(probe: CameraProbe): string {
  const { keyframeSeconds, keyframes: seen, firstKeyframeSeconds, watchedSeconds } = probe;
  if (seen === 0) return `none within ${watchedSeconds} s`;
  const first = firstKeyframeSeconds ? `, the first after ${firstKeyframeSeconds} s` : '';
  return `${keyframeSeconds === null ? `one within ${watchedSeconds} s` : `each ${keyframeSeconds} s`}${first}`;
}

function rate({ fps, fpsMeasured }: CameraProbe): string {
  const measured = fpsMeasured === null ? '' : `${fpsMeasured} measured`;
  if (fps === null) return measured ? `not said, ${measured}` : 'not said';
  return `${fps} frames/s${measured ? `, ${measured}` : ''}`;
}

/** How the coded picture becomes the shown one, where the two differ. */
function coding({ coded, pixelAspect, rotation, width, height }: CameraProbe): string | null {
  if (!coded || (coded.width === width && coded.height === height)) return null;
  const pixels = pixelAspect === null ? 'not said' : `${Math.round(pixelAspect * 1000) / 1000}:1`;
  return `${coded.width}×${coded.height}, pixels ${pixels}${rotation ? `, turned by ${rotation}°` : ''}`;
}

/** One line a fact, for a terminal. */
export function describeProbe(probe: CameraProbe): string {
  const size = probe.width > 0 ? `${probe.width}×${probe.height}` : 'size not known';
  const coded = coding(probe);
  const rows: [string, string][] = [
    ['address', probe.url],
    ['codec', probe.profile ? `${probe.codec} (${probe.profile})` : probe.codec],
    ['picture', probe.range ? `${size} ${probe.pixelFormat}, ${probe.range} range` : size],
    ...(coded ? [['coded', coded] as [string, string]] : []),
    ['rate', rate(probe)],
    ['bit rate', probe.kbps === null ? 'not known' : `${probe.kbps} kb/s`],
    ['keyframes', keyframes(probe)],
    ['sound', probe.audio ? 'yes (never read)' : 'no'],
    ...(probe.saved ? [['still', probe.saved] as [string, string]] : []),
    ...probe.notes.map((note): [string, string] => ['note', note]),
  ];
  return rows.map(([name, value]) => `${name.padEnd(10)} ${value}\n`).join('');
}
