/** What the tests of demuxing and decoding share: streams made by FFmpeg, and what comes out of them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DemuxOrder, MediaPacket } from '../../edge/domain/packet.ts';
import { createDecoder } from '../../edge/media/decoder.ts';
import { demuxMedia } from '../../edge/media/demux.ts';
import { createKeyDecoders } from '../../edge/media/key-decoders.ts';
import type { Picture } from '../../edge/media/picture.ts';

export const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-media-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

export const x264 = (parameters: string): string[] => [
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-x264-params', `log-level=none:${parameters}`],
];
export const x265 = (parameters: string): string[] => [
  ...['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', `log-level=none:${parameters}`],
];

/** Runs FFmpeg on a drawn picture (`testsrc2=…`, `color=…`) and gives the file's path. */
export function make(name: string, picture: string, output: readonly string[]): string {
  const path = join(folder, name);
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', picture, ...output, path]);
  return path;
}

export function moving(size: string, seconds: number, rate = 25): string {
  return `testsrc2=size=${size}:rate=${rate}:duration=${seconds}`;
}

export function orderOf(url: string, rest: Partial<DemuxOrder> = {}): DemuxOrder {
  return { camera: 'cam-1', url, credentials: null, transport: 'tcp', ...rest };
}

/** All packets of a recording. */
export async function packetsOf(url: string, rest: Partial<DemuxOrder> = {}): Promise<MediaPacket[]> {
  const packets: MediaPacket[] = [];
  await demuxMedia(orderOf(url, rest), (packet) => void packets.push(packet), new AbortController().signal);
  return packets;
}

export type Seen = { readonly ptsUs: number | null; readonly size: string; readonly damaged: boolean };

export function see(pictures: readonly Picture[]): Seen[] {
  return pictures.map((picture) => {
    const { ptsUs, width, height, damaged } = picture;
    picture.release();
    return { ptsUs, size: `${width}x${height}`, damaged };
  });
}

/** Each keyframe by itself. */
export function byKey(packets: readonly MediaPacket[]): Seen[] {
  const decoders = createKeyDecoders();
  const seen = packets.filter(({ key }) => key).flatMap((packet) => see(decoders.decode(packet)));
  decoders.close();
  return seen;
}

/** Every picture. */
export function byPush(packets: readonly MediaPacket[]): Seen[] {
  const [first] = packets;
  if (!first) return [];
  const decoder = createDecoder(first.format);
  const seen = packets.flatMap((packet) => see(decoder.push(packet)));
  seen.push(...see(decoder.drain()));
  decoder.close();
  return seen;
}

/** The first picture of a recording; the caller releases it. */
export async function firstPicture(url: string, aspect: number | null = null): Promise<Picture> {
  const packets = await packetsOf(url);
  const decoders = createKeyDecoders();
  const [picture] = packets[0] ? decoders.decode(packets[0], aspect) : [];
  decoders.close();
  if (!picture) throw new Error(`${url} gives no picture`);
  return picture;
}
