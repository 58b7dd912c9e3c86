/** Streams over a network demuxed in process: refusals, log-ins, pictures without times. */
import { expect, test } from 'vitest';
import type { MediaPacket } from '../../edge/domain/packet.ts';
import { demuxMedia } from '../../edge/media/demux.ts';
import { needs } from '../needs.ts';
import { startCamera } from '../source/stage.ts';
import { deadPort, multipart, refusal, serve } from './network.ts';
import { byPush, make, moving, orderOf, packetsOf, x264 } from './stage.ts';

const it = test.skipIf(!needs('ffmpeg'));

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
  const port = await deadPort();
  for (const scheme of ['http', 'rtsp']) {
    const { code, message } = await refusal(`${scheme}://127.0.0.1:${port}/cam`);
    expect([code, message]).toEqual(['EDGE_SOURCE_UNREACHABLE', expect.stringContaining('refused')]);
  }
});

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
