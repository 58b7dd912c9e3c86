/** The written list of protocols: another one is a folder and a line here. */
import { schemeOf } from '../media/media-address.ts';
import { ffmpeg } from './ffmpeg/index.ts';
import { file } from './file/index.ts';
import type { Protocol } from './protocol.ts';
import { rtsp } from './rtsp/index.ts';

const protocols: readonly Protocol[] = [file, rtsp];

/**
 * Who reads an address; FFmpeg where nobody in the list does.
 *
 * @example protocolOf('rtsps://10.0.0.9/1') // rtsp
 */
export function protocolOf(url: string): Protocol {
  const scheme = schemeOf(url);
  return protocols.find(({ schemes }) => schemes.includes(scheme)) ?? ffmpeg;
}
