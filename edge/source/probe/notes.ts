/** What a probe's figures mean for a configuration, in a line each. Pure. */
import type { CameraProbe } from './facts.ts';

/** A rule that works in minutes analyses each of these; with fewer it waits for long. */
const SELDOM_SECONDS = 10;
/** Sizes of recorders that squeeze a 4:3 or 16:9 picture; cameras with square pixels have others. */
const SQUEEZED =
  /^(352x(240|288)|352x(480|576)|528x(480|576)|704x(240|288|480|576)|720x(480|576)|960x(480|576|1080)|1440x1080)$/;

const NUMBER = 'give a number as `cadence`';

function keyframeNote(probe: Omit<CameraProbe, 'notes'>, endless: boolean): string | null {
  const { keyframes, refreshes, keyframeSeconds, watchedSeconds } = probe;
  if (refreshes > 0 && keyframes === 0 && probe.coded === null)
    return 'keyframes come, and none of them could be decoded to a whole picture: packets are lost, or the camera is faulty';
  // A picture that became whole with no keyframe before it is one too, where the beginnings are not marked.
  if (keyframes < 2 && (refreshes > 0 || (keyframes === 0 && probe.coded !== null)))
    return `pictures are refreshed part by part (intra refresh), and no further keyframe comes: ${NUMBER}`;
  const size = probe.width > 0 ? `, ${probe.width}×${probe.height}` : '';
  if (keyframes === 0)
    return `the stream is there (${probe.codec}${size}); no keyframe within ${watchedSeconds} s: try a longer --timeout, or ${NUMBER}`;
  if (keyframes === 1 && endless)
    return `no further keyframe within ${watchedSeconds} s: \`cadence: keyframes\` would look that seldom; ${NUMBER}`;
  if (keyframeSeconds !== null && keyframeSeconds >= SELDOM_SECONDS)
    return `a keyframe each ${keyframeSeconds} s only: \`cadence: keyframes\` looks that seldom; have the camera send them more often, or ${NUMBER}`;
  return null;
}

function aspectNote({ pixelAspect, coded, rotation }: Omit<CameraProbe, 'notes'>): string | null {
  if (pixelAspect !== null || !coded || rotation === null || !SQUEEZED.test(`${coded.width}x${coded.height}`))
    return null;
  return `the stream does not say the shape of its pixels, and ${coded.width}×${coded.height} is rarely square: if the still looks squeezed, state \`aspect: "16:9"\` or "4:3" (here: --aspect)`;
}

/** `endless`: it went on when the probe had seen enough or waited long enough. */
export function probeNotes(probe: Omit<CameraProbe, 'notes'>, endless: boolean): string[] {
  return [keyframeNote(probe, endless), aspectNote(probe)].filter((note) => note !== null);
}
