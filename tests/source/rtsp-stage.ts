/** What the tests of the RTSP client share: streams made by FFmpeg, a camera, a run that notes what came. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll } from 'vitest';
import type { DemuxOrder, MediaPacket } from '../../edge/domain/packet.ts';
import { demuxRtsp } from '../../edge/source/rtsp/client.ts';
import { type CameraFile, type Codec, isSet, splitAccessUnits, splitNals } from '../../test-media/cameras/annex-b.ts';
import { type CameraOptions, type RtspCamera, startRtspCamera } from '../../test-media/cameras/rtsp-camera.ts';
import { folder } from './stage.ts';

const X264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-x264-params', 'keyint=10:scenecut=0:slices=1'];

export type Stream = CameraFile & { readonly path: string };

/** A moving test picture as an Annex B file. */
export function makeStream(
  name: string,
  options: { codec?: string[]; seconds?: number; rate?: number; size?: string; filter?: string } = {},
): Stream {
  const { codec = X264, seconds = 4, rate = 10, size = '320x180', filter } = options;
  const path = join(folder, name);
  const picture = `testsrc2=size=${size}:rate=${rate}:duration=${seconds}${filter ? `,${filter}` : ''}`;
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', picture, '-pix_fmt', 'yuv420p', ...codec, path]);
  const kind: Codec = /265$/.test(name) ? 'h265' : 'h264';
  return { path, codec: kind, units: splitAccessUnits(kind, readFileSync(path)) };
}

export const x264 = (parameters: string): string[] => [...X264.slice(0, -1), `scenecut=0:${parameters}`];
export const x265 = (parameters: string): string[] => {
  return ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', `log-level=error:scenecut=0:${parameters}`];
};

/** Sums of every decoded picture, in order. */
export function pictureSums(path: string): string[] {
  const said = execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-f', 'framemd5', '-'], { encoding: 'utf8' });
  return said
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').at(-1)?.trim() ?? '');
}

/** The packets as a file, and the sums of its pictures. */
export function sumsOf(packets: readonly MediaPacket[], codec: Codec): string[] {
  const path = join(folder, `received-${process.hrtime.bigint()}.${codec === 'h264' ? '264' : '265'}`);
  writeFileSync(path, Buffer.concat(packets.map((packet) => packet.data)));
  return pictureSums(path);
}

/** Without what a client may leave out or put in front: parameter sets, delimiters, filler. */
export function body(codec: Codec, nals: readonly Buffer[]): string[] {
  const left = (nal: Buffer) => {
    const type = codec === 'h264' ? (nal[0] as number) & 31 : ((nal[0] as number) >> 1) & 63;
    return isSet(codec, nal) || (codec === 'h264' ? type === 9 || type === 12 : type === 35 || type === 38);
  };
  return nals.filter((nal) => !left(nal)).map((nal) => nal.toString('hex'));
}

export function bodyOf(codec: Codec, packet: MediaPacket): string[] {
  return body(codec, splitNals(packet.data));
}

export type Watching = {
  readonly packets: MediaPacket[];
  readonly streams: { text: string; fps: number | null; audio: boolean }[];
  readonly clocks: { ptsUs: number; unixMs: number }[];
  /** Settles as the demuxer does. */
  readonly running: Promise<void>;
  readonly until: (fact: () => boolean, what: string, ms?: number) => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** Demuxes in the background. */
export function demuxing(url: string, order: Partial<DemuxOrder> = {}): Watching {
  const packets: MediaPacket[] = [];
  const streams: Watching['streams'] = [];
  const clocks: Watching['clocks'] = [];
  const stop = new AbortController();
  const looks = new Set<() => void>();
  let settled = false;
  const tell = () => {
    for (const look of looks) look();
  };
  const running = demuxRtsp(
    {
      camera: 'cam-1',
      url,
      credentials: null,
      transport: 'tcp',
      onStream: (stream) => streams.push(stream),
      onClock: (sync) => clocks.push(sync),
      ...order,
    },
    (packet) => {
      packets.push(packet);
      tell();
    },
    stop.signal,
  ).finally(() => {
    settled = true;
    tell();
  });
  running.catch(() => {});
  return {
    packets,
    streams,
    clocks,
    running,
    until: (fact, what, ms = 20_000) =>
      new Promise((done, fail) => {
        const end = (error?: Error) => {
          clearTimeout(timer);
          looks.delete(look);
          if (error) fail(error);
          else done();
        };
        const look = () => {
          if (fact()) end();
          else if (settled) running.then(() => end(new Error(`${what}: the stream ended`)), end);
        };
        const timer = setTimeout(() => end(new Error(`${what}: not within ${ms} ms, ${packets.length} packets`)), ms);
        looks.add(look);
        look();
      }),
    async stop() {
      stop.abort();
      await running;
    },
  };
}

/** Cameras and connections of one test file, all gone after each test. */
export function useCameras(name: string) {
  const endings: (() => Promise<void>)[] = [];
  let file: Stream | null = null;
  beforeAll(() => {
    file = makeStream(name);
  });
  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end();
  });
  const stream = (): Stream => {
    if (!file) throw new Error('made before the tests');
    return file;
  };
  const order = (url: string): DemuxOrder => ({ camera: 'cam-1', url, credentials: null, transport: 'tcp' });

  return {
    order,
    stream,
    asked: (started: RtspCamera, method: string) => started.requests.filter((one) => one.method === method),
    async camera(options: Partial<CameraOptions> = {}): Promise<RtspCamera> {
      const started = await startRtspCamera({ files: { '': stream() }, fps: 50, ...options });
      endings.push(started.close);
      return started;
    },
    watching(url: string, more: Partial<DemuxOrder> = {}) {
      const run = demuxing(url, more);
      endings.push(() => run.stop().catch(() => {}));
      return run;
    },
    /** What the client says of a camera that it cannot read, or null. */
    refusal: (url: string, more: Partial<DemuxOrder> = {}) =>
      demuxRtsp({ ...order(url), ...more }, () => {}, new AbortController().signal).then(
        () => null,
        (error: { code: string; message: string }) => error,
      ),
    /** Everything started so far is gone already. */
    forget: () => void endings.splice(0),
    async listening(server: Server): Promise<number> {
      const sockets = new Set<Socket>();
      server.on('connection', (socket) => sockets.add(socket));
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      endings.push(async () => {
        for (const socket of sockets) socket.destroy();
        await new Promise((done) => server.close(done));
      });
      return (server.address() as { port: number }).port;
    },
  };
}
