/** One RTSP session: kept alive, its channels, its consumer, its end. */
import { createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { demuxRtsp } from '../../edge/source/rtsp/client.ts';
import type { CameraOptions } from '../../test-media/cameras/rtsp-camera.ts';
import type { Request } from '../../test-media/cameras/rtsp-dialogue.ts';
import { needs } from '../needs.ts';
import { until } from '../processes.ts';
import { useCameras } from './rtsp-stage.ts';

describe.skipIf(!needs('ffmpeg'))('an RTSP conversation', () => {
  const { asked, camera, listening, order, stream, watching } = useCameras('session.264');

  describe('a session', () => {
    it('is kept alive at half its time-out, and ended by TEARDOWN', async () => {
      const started = await camera({ sessionSeconds: 2 });
      const run = watching(started.url('live'));
      await run.until(() => asked(started, 'GET_PARAMETER').length >= 4, 'four times');
      const [first, , , fourth] = asked(started, 'GET_PARAMETER');
      expect(((fourth?.at ?? 0) - (first?.at ?? 0)) / 3).toBeGreaterThan(900);
      expect(first?.headers.get('session')).toBe('4711');
      const began = performance.now();
      await run.stop();
      expect(performance.now() - began).toBeLessThan(300);
      await until('TEARDOWN', () => asked(started, 'TEARDOWN').length === 1);
      expect(asked(started, 'TEARDOWN')[0]?.headers.get('session')).toBe('4711');
    });
    it('is kept alive by OPTIONS where GET_PARAMETER is unknown', async () => {
      const answer = ({ method }: Request) => (method === 'GET_PARAMETER' ? ['501 Not Implemented'] : null);
      for (const options of [{ answer }, { publicMethods: 'DESCRIBE, SETUP, PLAY' }]) {
        const started = await camera({ sessionSeconds: 1, ...options });
        const run = watching(started.url('live'));
        await run.until(() => asked(started, 'OPTIONS').length >= 4, 'OPTIONS again');
        expect(asked(started, 'GET_PARAMETER').length).toBeLessThan(2);
        await run.stop();
      }
    });
    it('lives on where keeping it alive is never answered', async () => {
      const started = await camera({ sessionSeconds: 1, deaf: ['GET_PARAMETER'] });
      const run = watching(started.url('live'));
      await run.until(() => asked(started, 'GET_PARAMETER').length >= 8, 'eight times');
      const seen = run.packets.length;
      await run.until(() => run.packets.length > seen, 'pictures all the same');
    });
    it('answers what the camera asks', async () => {
      const questions = ['OPTIONS', 'GET_PARAMETER', 'SET_PARAMETER', 'REDIRECT', 'ANNOUNCE']
        .map((method, i) => `${method} rtsp://x/ RTSP/1.0\r\nCSeq: ${70 + i}\r\n\r\n`)
        .join('');
      const started = await camera({ afterPlay: (socket: Socket) => socket.write(questions) });
      const run = watching(started.url('live'));
      await run.until(() => asked(started, 'RTSP/1.0').length === 5, 'five answers');
      const answers = asked(started, 'RTSP/1.0').map(({ uri, headers }) => `${headers.get('cseq')} ${uri}`);
      expect(answers).toEqual(['70 200', '71 200', '72 200', '73 200', '74 501']);
    });
    it('takes the channels that the camera gives, and the first of its video tracks', async () => {
      const before = ['m=audio 0 RTP/AVP 0', 'a=control:a', 'm=application 0 RTP/AVP 107', 'a=control:b'];
      const after = ['m=video 0 RTP/AVP 97', 'a=rtpmap:97 H264/90000', 'a=control:second'];
      const started = await camera({ channels: '6-7', packing: { channel: 6 }, tracks: { before, after } });
      const run = watching(started.url('live'));
      await run.until(() => run.packets.length > 2, 'pictures');
      expect(asked(started, 'SETUP').map(({ uri }) => uri)).toEqual([started.url('live/trackID=0')]);
      expect(run.streams[0]?.audio).toBe(true);
    });
    it('ends when the camera ends it', async () => {
      const started = await camera({ pictures: 5 });
      const run = watching(started.url('live'));
      await run.running;
      expect(run.packets.length).toBe(5);
    });
  });

  describe('stopping', () => {
    const stages: [string, Partial<CameraOptions>, string][] = [
      ['waiting for OPTIONS', { deaf: ['OPTIONS'] }, 'OPTIONS'],
      ['waiting for DESCRIBE', { deaf: ['DESCRIBE'] }, 'DESCRIBE'],
      ['waiting for SETUP', { deaf: ['SETUP'] }, 'SETUP'],
      ['waiting for PLAY', { deaf: ['PLAY'] }, 'PLAY'],
      ['playing', { deaf: ['TEARDOWN'] }, 'PLAY'],
    ];
    for (const [when, options, method] of stages) {
      it(`takes no time while ${when}, and leaves no connection`, async () => {
        const started = await camera(options);
        const run = watching(started.url('live'));
        await until(`${method} was asked`, () => asked(started, method).length > 0);
        if (when === 'playing') await run.until(() => run.packets.length > 2, 'pictures');
        const began = performance.now();
        await run.stop();
        expect(performance.now() - began).toBeLessThan(150);
        await until('the connection is gone', () => started.connections() === 0, 2000);
      });
    }
    it('takes no time while connecting, and before', async () => {
      // It takes the connection and never shakes hands.
      const port = await listening(createServer(() => {}));
      const run = watching(`rtsps://127.0.0.1:${port}/x`);
      const began = performance.now();
      await run.stop();
      expect(performance.now() - began).toBeLessThan(150);
      await demuxRtsp(order('rtsp://127.0.0.1:1/'), () => {}, AbortSignal.abort());
    });
    it('comes from the consumer’s own error too', async () => {
      const started = await camera();
      const wrong = new Error('the consumer’s');
      for (const consumer of [
        () => {
          throw wrong;
        },
        () => Promise.reject(wrong),
      ]) {
        const running = demuxRtsp(order(started.url('live')), consumer, new AbortController().signal);
        await expect(running).rejects.toBe(wrong);
      }
      await until('the connections are gone', () => started.connections() === 0, 2000);
    });
  });

  it('waits for a consumer that takes its time, and loses nothing', async () => {
    const started = await camera({ pictures: 40 });
    const seen: number[] = [];
    let busy = 0;
    await demuxRtsp(
      order(started.url('live')),
      async (packet) => {
        expect(++busy).toBe(1);
        await new Promise((go) => setTimeout(go, 5));
        busy--;
        seen.push(packet.ptsUs ?? -1);
      },
      new AbortController().signal,
    );
    expect(seen).toEqual(Array.from({ length: 40 }, (_, i) => i * 20_000));
  });

  it('drops a picture without end, and goes on', async () => {
    const endless = Buffer.concat([Buffer.from([0x41, 0x80]), Buffer.alloc(9 << 20, 1)]);
    const units = [...stream().units.slice(0, 3), { key: false, nals: [endless] }, ...stream().units.slice(10, 20)];
    const started = await camera({ files: { '': { codec: 'h264', units } }, pictures: units.length });
    const run = watching(started.url('live'));
    await run.running;
    expect(run.packets.length).toBe(units.length - 1);
    expect(Math.max(...run.packets.map(({ data }) => data.length))).toBeLessThan(1 << 20);
    expect(run.packets[3]).toMatchObject({ key: true });
  });
});
