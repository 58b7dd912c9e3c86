/** Demuxing in process: what is told of a stream, its times, refusals in one plain line, and leaving at once. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { DemuxOrder, MediaPacket } from '../../edge/domain/packet.ts';
import { demuxMedia } from '../../edge/media/demux.ts';
import { AppError } from '../../platform/app-error.ts';
import { needs } from '../needs.ts';
import { startCamera } from '../source/stage.ts';
import { byPush, folder, make, moving, orderOf, packetsOf, x264 } from './stage.ts';

const it = test.skipIf(!needs('ffmpeg'));
const plain = ['-pix_fmt', 'yuv420p', ...x264('keyint=5:scenecut=0:bframes=0')];

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => {})));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const serve = (answer: RequestListener) => listen(createServer(answer));

async function refusal(url: string, rest: Partial<DemuxOrder> = {}): Promise<{ code: string; message: string }> {
  const error = await packetsOf(url, rest).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error(`no refusal: ${error}`);
  expect(error.message).not.toMatch(/\n|0x|Parsed_|filter/);
  expect(error.message.length).toBeLessThan(200);
  return { code: error.code, message: error.message };
}

it('a recording: description, times, keyframes, extradata', async () => {
  const clip = make('a clip: with a colon.mp4', moving('320x180', 2), plain);
  const told: unknown[] = [];
  const packets = await packetsOf(clip, { onStream: (stream) => told.push(stream) });
  expect(told).toEqual([{ text: 'h264 (Constrained Baseline), 320x180, 25 fps', fps: 25, audio: false }]);
  expect(packets.map(({ ptsUs }) => ptsUs)).toEqual(Array.from({ length: 50 }, (_, i) => i * 40_000));
  expect(packets.flatMap(({ key }, i) => (key ? [i] : []))).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40, 45]);
  expect(packets[0]?.format).toMatchObject({ codec: 'h264', width: 320, height: 180, rotation: 0 });
  expect(packets[0]?.format.extradata?.[0]).toBe(1);
  expect(new Set(packets.map(({ format }) => format)).size).toBe(1);
  expect(await packetsOf(`file:${clip}`)).toHaveLength(50);
  expect(await packetsOf(`file://${clip}`)).toHaveLength(50);
});

it('sound beside the picture is told and left out; a codec of keyframes only has them only', async () => {
  const clip = join(folder, 'sound.mkv');
  const inputs = ['-f', 'lavfi', '-i', moving('160x90', 1), '-f', 'lavfi', '-i', 'sine=duration=1'];
  execFileSync('ffmpeg', [
    '-v',
    'error',
    '-y',
    ...inputs,
    '-c:v',
    'mjpeg',
    '-pix_fmt',
    'yuvj420p',
    '-c:a',
    'aac',
    clip,
  ]);
  let audio: boolean | null = null;
  const packets = await packetsOf(clip, {
    onStream: (stream) => {
      audio = stream.audio;
    },
  });
  expect(audio).toBe(true);
  expect(packets).toHaveLength(25);
  expect(packets.every(({ key, format }) => key && format.codec === 'mjpeg')).toBe(true);
});

it('refusals of files', async () => {
  const clip = make('whole.mp4', moving('160x90', 1), plain);
  const cut = join(folder, 'cut.mp4');
  copyFileSync(clip, cut);
  truncateSync(cut, readFileSync(clip).length >> 1);
  const text = join(folder, 'notes.txt');
  writeFileSync(text, 'no video at all\n'.repeat(100));
  const sound = join(folder, 'sound.mp4');
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', 'sine=duration=1', '-c:a', 'aac', sound]);
  const empty = join(folder, 'empty.mp4');
  writeFileSync(empty, '');
  expect(await refusal(sound)).toEqual({
    code: 'EDGE_SOURCE_NO_VIDEO',
    message: `source holds no video: camera cam-1, ${sound}: no video stream in it`,
  });
  for (const file of [cut, text, folder, empty]) expect((await refusal(file)).code).toBe('EDGE_SOURCE_NO_VIDEO');
  const missing = await refusal(join(folder, 'missing.mp4'));
  expect(missing.code).toBe('EDGE_SOURCE_UNREACHABLE');
  expect(missing.message).toContain('no such file');
});

it('a playlist in a recording reaches nothing else', async () => {
  let asked = 0;
  const port = await serve((_request, response) => {
    asked++;
    response.end();
  });
  const list = join(folder, 'list.m3u8');
  const head = '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n';
  writeFileSync(list, `${head}http://127.0.0.1:${port}/part.ts\n#EXT-X-ENDLIST\n`);
  await refusal(list);
  expect(asked).toBe(0);
});

it.each([
  [401, /401|unauthorized/i],
  [403, /403|forbidden/i],
  [404, /404|not found/i],
  [429, /429|too many/i],
  [503, /5xx|server error/i],
])('HTTP %d is no reach, in plain words and without log-in', async (status, words) => {
  const port = await serve((_request, response) => response.writeHead(status).end());
  const credentials = { user: 'viewer', password: 'p@ss:w0rd/$' };
  const { code, message } = await refusal(`http://viewer:other@127.0.0.1:${port}/cam?token=abc`, { credentials });
  expect(code).toBe('EDGE_SOURCE_UNREACHABLE');
  expect(message).toMatch(words);
  expect(message).not.toMatch(/p@ss|w0rd|other|viewer|abc/);
});

it('a log-in reaches the server, whatever signs it has', async () => {
  let seen: string | undefined;
  const port = await serve((request, response) => {
    seen = request.headers.authorization;
    response.writeHead(seen ? 404 : 401, { 'www-authenticate': 'Basic realm="cam"' }).end();
  });
  const credentials = { user: 'viewer', password: 'p@ss:w0rd/$&%' };
  expect((await refusal(`http://127.0.0.1:${port}/cam`, { credentials })).message).toMatch(/not found/i);
  expect(Buffer.from(seen?.slice(6) ?? '', 'base64').toString()).toBe('viewer:p@ss:w0rd/$&%');
});

it('nobody there', async () => {
  const port = await serve((_request, response) => response.end());
  closing.pop()?.();
  for (const scheme of ['http', 'rtsp']) {
    const { code, message } = await refusal(`${scheme}://127.0.0.1:${port}/cam`);
    expect([code, message]).toEqual(['EDGE_SOURCE_UNREACHABLE', expect.stringContaining('refused')]);
  }
});

/** JPEGs one after another, as cheap cameras send them. */
function multipart(jpegs: readonly Buffer[], onSent: (at: number) => void, everyMs: number): RequestListener {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' });
    let at = 0;
    const timer = setInterval(() => {
      const jpeg = jpegs[at];
      if (!jpeg) {
        clearInterval(timer);
        response.end();
        return;
      }
      response.write(`--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`);
      response.write(Buffer.concat([jpeg, Buffer.from('\r\n')]));
      onSent(at++);
    }, everyMs);
    response.on('close', () => clearInterval(timer));
  };
}

it('MJPEG over HTTP has no times of its own, and each picture is there when it came', async () => {
  const clip = make('parts.avi', moving('320x180', 2, 10), ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-q:v', '8']);
  const jpegs = (await packetsOf(clip)).map(({ data }) => data);
  const sent: number[] = [];
  const port = await serve(multipart(jpegs, () => sent.push(performance.now()), 60));
  const told: { fps: number | null }[] = [];
  const packets = await packetsOf(`http://127.0.0.1:${port}/cam`, { onStream: (stream) => told.push(stream) });
  expect(told[0]?.fps).toBeNull();
  expect(packets.length).toBeGreaterThanOrEqual(19);
  expect(packets.every(({ ptsUs, key }) => ptsUs === null && key)).toBe(true);
  // The end of a part is known when the next one begins; the first ones were read to know what it is.
  const late = packets.slice(5).map(({ arrivedAt }, i) => arrivedAt - (sent[i + 5] as number));
  expect(Math.max(...late)).toBeLessThan(500);
  expect(byPush(packets).filter(({ size, damaged }) => size === '320x180' && !damaged)).toHaveLength(packets.length);
});

/** Runs until `fact`, aborts, and gives the ms until it has settled. */
async function leaving(url: string, fact: (packets: readonly MediaPacket[]) => boolean): Promise<number> {
  const stop = new AbortController();
  const packets: MediaPacket[] = [];
  let reached: () => void = () => {};
  const there = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const running = demuxMedia(
    orderOf(url),
    (packet) => {
      packets.push(packet);
      if (fact(packets)) reached();
    },
    stop.signal,
  );
  if (fact(packets)) reached();
  await there;
  const from = performance.now();
  stop.abort();
  await running;
  return performance.now() - from;
}

it('leaves within 150 ms: while it connects, waits for an answer, waits for a picture, or reads a file', async () => {
  let connected: () => void = () => {};
  const silent = await listen(createTcpServer(() => connected()));
  for (const scheme of ['http', 'rtsp']) {
    const asked = new Promise<void>((resolve) => {
      connected = resolve;
    });
    const stop = new AbortController();
    const running = demuxMedia(orderOf(`${scheme}://127.0.0.1:${silent}/cam`), () => {}, stop.signal);
    await asked;
    const from = performance.now();
    stop.abort();
    await running;
    expect(performance.now() - from).toBeLessThan(150);
  }
  const clip = make('short.avi', moving('320x180', 2, 10), ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p']);
  const jpegs = (await packetsOf(clip)).map(({ data }) => data);
  const open = [...jpegs, ...Array<Buffer>(1000).fill(jpegs[0] as Buffer)];
  const live = await serve(multipart(open, () => {}, 40));
  expect(await leaving(`http://127.0.0.1:${live}/cam`, (packets) => packets.length > 3)).toBeLessThan(150);
  const stuck = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' });
    for (const jpeg of jpegs) {
      response.write(`--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`);
      response.write(Buffer.concat([jpeg, Buffer.from('\r\n')]));
    }
  });
  expect(await leaving(`http://127.0.0.1:${stuck}/cam`, (packets) => packets.length >= 18)).toBeLessThan(150);
  const long = make('long.mp4', moving('160x90', 40), plain);
  expect(await leaving(long, (packets) => packets.length > 20)).toBeLessThan(150);
  expect(await leaving(long, () => true)).toBeLessThan(150);
});

it('leaves although the consumer never comes back', async () => {
  const clip = make('held.mp4', moving('160x90', 1), plain);
  const stop = new AbortController();
  let taken = 0;
  const running = demuxMedia(
    orderOf(clip),
    () => {
      taken++;
      queueMicrotask(() => stop.abort());
      return new Promise(() => {});
    },
    stop.signal,
  );
  await running;
  expect(taken).toBe(1);
});

it('a recording waits for its consumer, and lets others have their turn', async () => {
  const clip = make('turns.mp4', moving('160x90', 20), plain);
  let busy = 0;
  let most = 0;
  let count = 0;
  let turns = 0;
  let over = false;
  const tick = () => {
    turns++;
    if (!over) setImmediate(tick);
  };
  setImmediate(tick);
  await demuxMedia(
    orderOf(clip),
    async () => {
      most = Math.max(most, ++busy);
      await null;
      busy--;
      count++;
    },
    new AbortController().signal,
  );
  over = true;
  expect([count, most]).toEqual([500, 1]);
  expect(turns).toBeGreaterThan(40);
});

test.skipIf(!needs('ffmpeg') || !needs('rtsp'))(
  'RTSP by the library: description without frames, pictures',
  async () => {
    const clip = make('camera.mp4', moving('320x180', 4, 10), ['-pix_fmt', 'yuv420p', ...x264('keyint=10:bframes=0')]);
    const camera = await startCamera(clip);
    try {
      for (const transport of ['tcp', 'udp'] as const) {
        const stop = new AbortController();
        const packets: MediaPacket[] = [];
        let text = '';
        await demuxMedia(
          orderOf(camera.url, {
            transport,
            onStream: (stream) => {
              text = stream.text;
            },
          }),
          (packet) => {
            if (packets.push(packet) === 12) stop.abort();
          },
          stop.signal,
        );
        expect(text).toMatch(/^h264/);
        expect(packets.some(({ key }) => key)).toBe(true);
        const fromKey = packets.slice(packets.findIndex(({ key }) => key));
        expect(byPush(fromKey).every(({ size, damaged }) => size === '320x180' && !damaged)).toBe(true);
      }
    } finally {
      await camera.kill();
    }
  },
);
