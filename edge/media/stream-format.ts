/** What a container says of its video stream: for the decoder, for the log and for the probe. */
import { AV_CODEC_PROP_INTRA_ONLY, AV_PKT_DATA_DISPLAYMATRIX } from 'node-av/constants';
import { avGetCodecName, CodecParameters, type Rational, type Stream } from 'node-av/lib';
import type { StreamFormat } from '../domain/packet.ts';

/** Some decoders need more than a format tells (raw pixels, old AVI codecs): what the container said goes beside it. */
const containerParameters = new WeakMap<StreamFormat, CodecParameters>();

/** What the container said beside the format; null for a format that came from no container. */
export function parametersOf(format: StreamFormat): CodecParameters | null {
  return containerParameters.get(format) ?? null;
}

function ratio({ num, den }: Rational): number | null {
  return num > 0 && den > 0 ? num / den : null;
}

/** Degrees clockwise of a display matrix (nine 32-bit numbers, row by row); mirrored pictures are not turned back. */
export function rotationOf(matrix: Buffer | null): StreamFormat['rotation'] {
  if (!matrix || matrix.length < 36) return 0;
  const degrees = (Math.atan2(matrix.readInt32LE(4), matrix.readInt32LE(0)) * 180) / Math.PI;
  return ((((Math.round(degrees / 90) % 4) + 4) % 4) * 90) as StreamFormat['rotation'];
}

/** `extradata`: what replaces the container's own, after a change within the stream. */
export function formatOf(stream: Stream, extradata?: Buffer): StreamFormat {
  const parameters = new CodecParameters();
  parameters.alloc();
  stream.codecpar.copy(parameters);
  if (extradata) parameters.extradata = extradata;
  const own = parameters.extradata;
  const format: StreamFormat = {
    codec: avGetCodecName(parameters.codecId) ?? 'unknown',
    extradata: own && own.length > 0 ? Buffer.from(own) : null,
    width: parameters.width,
    height: parameters.height,
    pixelAspect: ratio(parameters.sampleAspectRatio) ?? ratio(stream.sampleAspectRatio),
    rotation: rotationOf(parameters.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX)),
  };
  containerParameters.set(format, parameters);
  return format;
}

/** Every picture of its codec stands by itself. */
export function isIntraOnly(stream: Stream): boolean {
  return (stream.codecpar.codecProperties & AV_CODEC_PROP_INTRA_ONLY) !== 0;
}

const profiles: { readonly [codec: string]: { readonly [profile: number]: string } } = {
  h264: {
    66: 'Baseline',
    77: 'Main',
    88: 'Extended',
    100: 'High',
    110: 'High 10',
    122: 'High 4:2:2',
    244: 'High 4:4:4 Predictive',
    578: 'Constrained Baseline',
  },
  hevc: { 1: 'Main', 2: 'Main 10', 3: 'Main Still Picture', 4: 'Rext' },
};

/** Frames a second as the container tells them; null where it tells none. */
export function fpsOf(stream: Stream): number | null {
  const fps = ratio(stream.avgFrameRate) ?? ratio(stream.rFrameRate);
  return fps !== null && fps <= 240 ? Math.round(fps * 100) / 100 : null;
}

/** E.g. `h264 (High), 640x360, 25 fps`; what is not known is left out. */
export function textOf(stream: Stream, format: StreamFormat, fps: number | null): string {
  const profile = profiles[format.codec]?.[stream.codecpar.profile];
  const parts = [profile === undefined ? format.codec : `${format.codec} (${profile})`];
  if (format.width > 0) parts.push(`${format.width}x${format.height}`);
  if (fps !== null) parts.push(`${fps} fps`);
  return parts.join(', ');
}
