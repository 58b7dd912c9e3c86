/** The RTSP client's conversation with cameras of every kind: addresses, keeping alive, refusals, the end. */
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DemuxOrder } from '../../edge/domain/packet.ts';
import { demuxMedia } from '../../edge/media/demux.ts';
import { protocolOf } from '../../edge/source/protocols.ts';
import { CodecElsewhere, demuxRtsp } from '../../edge/source/rtsp/client.ts';
import { rtsp } from '../../edge/source/rtsp/index.ts';
import { type CameraOptions, type RtspCamera, startRtspCamera } from '../../test-media/cameras/rtsp-camera.ts';
import type { Request } from '../../test-media/cameras/rtsp-dialogue.ts';
import { needs } from '../needs.ts';
import { until } from '../processes.ts';
import { demuxing, makeStream, type Stream } from './rtsp-stage.ts';

const order = (url: string): DemuxOrder => ({ camera: 'cam-1', url, credentials: null, transport: 'tcp' });

describe.skipIf(!needs('ffmpeg'))('an RTSP conversation', () => {
  const endings: (() => Promise<void>)[] = [];
  let file: Stream;
  beforeAll(() => {
    file = makeStream('session.264');
  });
  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end();
  });

  async function camera(options: Partial<CameraOptions> = {}): Promise<RtspCamera> {
    const started = await startRtspCamera({ files: { '': file }, fps: 50, ...options });
    endings.push(started.close);
    return started;
  }
  function watching(url: string, more: Partial<DemuxOrder> = {}) {
    const run = demuxing(url, more);
    endings.push(() => run.stop().catch(() => {}));
    return run;
  }
  const asked = (started: RtspCamera, method: string) => started.requests.filter((one) => one.method === method);
  const refusal = (url: string, more: Partial<DemuxOrder> = {}) =>
    demuxRtsp({ ...order(url), ...more }, () => {}, new AbortController().signal).then(
      () => null,
      (error: { code: string; message: string }) => error,
    );

  describe('addresses', () => {
    const cases: [string, Partial<CameraOptions>, string, string, string][] = [
      ['a control beside Content-Base', {}, 'live?x=1', 'live?x=1/trackID=0', 'live?x=1/'],
      ['a control without any base', { base: () => [] }, 'live', 'live/trackID=0', 'live'],
      [
        'Content-Location',
        { base: (uri) => [`Content-Location: ${uri}/other`] },
        'live',
        'live/other/trackID=0',
        'live/other',
      ],
      ['a relative Content-Base', { base: () => ['Content-Base: /base/'] }, 'live', 'base/trackID=0', 'base/'],
      ['no controls at all', { aggregate: null, control: null }, 'live', 'live/', 'live/'],
      ['a control with a slash before it', { control: '/trackID=0' }, 'live', 'live/trackID=0', 'live/'],
      ['a session control', { aggregate: 'all' }, 'live', 'live/trackID=0', 'live/all'],
    ];
    for (const [what, options, path, setUp, play] of cases) {
      it(`follow ${what}`, async () => {
        const started = await camera(options);
        const run = watching(started.url(path));
        await run.until(() => run.packets.length > 2, 'pictures');
        expect(asked(started, 'SETUP')[0]?.uri).toBe(started.url(setUp));
        expect(asked(started, 'PLAY')[0]?.uri).toBe(started.url(play));
      });
    }
    it('follow absolute controls, of another host too', async () => {
      const started = await camera({ aggregate: 'rtsp://10.0.0.9/all', control: 'rtsp://u:p@10.0.0.9/all/track1' });
      const run = watching(started.url('live'));
      await run.until(() => run.packets.length > 2, 'pictures');
      expect(asked(started, 'SETUP')[0]?.uri).toBe('rtsp://10.0.0.9/all/track1');
      expect(asked(started, 'PLAY')[0]?.uri).toBe('rtsp://10.0.0.9/all');
    });
    it('fall back to the track’s own where the camera plays no aggregate', async () => {
      const answer = ({ method, uri }: Request) =>
        method === 'PLAY' && !uri.includes('trackID') ? ['459 Aggregate Operation Not Allowed'] : null;
      const run = watching((await camera({ answer })).url('live'));
      await run.until(() => run.packets.length > 2, 'pictures');
    });
    it('are read from the host’s name, and a login in them is taken out', async () => {
      const login = { user: 'al ice', password: 'p@ss:w/rd', kind: 'basic' } as const;
      const started = await camera({ login });
      const run = watching(`rtsp://al%20ice:p%40ss%3Aw%2Frd@localhost:${started.port}/live`);
      await run.until(() => run.packets.length > 2, 'pictures');
      expect(started.requests.map(({ uri }) => uri).join()).not.toMatch(/@|al%20ice|ss/);
    });
    it('tell whether this client is the one to ask', () => {
      expect(protocolOf('rtsp://h/x')).toBe(rtsp);
      expect(protocolOf('RTSPS://[::1]:322/x')).toBe(rtsp);
      expect(protocolOf('http://h/x')).not.toBe(rtsp);
      expect(rtsp.open({ url: 'rtsp://h/x', transport: 'udp', loop: false }, 'live')).toBe(demuxMedia);
      expect(rtsp.open({ url: 'rtsp://h/x', transport: 'tcp', loop: false }, 'live')).not.toBe(demuxMedia);
    });
  });

  describe('redirection', () => {
    const moved = (status: string, to: () => string): Partial<CameraOptions> => ({
      answer: ({ method }) => (method === 'DESCRIBE' ? [status, `Location: ${to()}`] : null),
    });
    it('is followed, with the login', async () => {
      const target = await camera({ login: { user: 'u', password: 'p', kind: 'md5' } });
      for (const status of ['301 Moved', '302 Found', '303 See Other', '305 Use Proxy', '307 Temporary Redirect']) {
        const first = await camera(moved(status, () => target.url('live')));
        const run = watching(first.url('x'), { credentials: { user: 'u', password: 'p' } });
        await run.until(() => run.packets.length > 2, `pictures after ${status}`);
        await run.stop();
      }
    });
    it('in a circle ends', async () => {
      const started: RtspCamera = await camera(moved('302 Found', () => started.url('round')));
      expect(await refusal(started.url('x'))).toMatchObject({
        code: 'EDGE_SOURCE_UNREACHABLE',
        message: expect.stringMatching(/redirects more than 5 times$/),
      });
      const nowhere = await camera(moved('302 Found', () => ''));
      expect((await refusal(nowhere.url('x')))?.message).toMatch(/names no address/);
    });
    it('to another host gets no password in the clear', async () => {
      const target = await camera({ login: { user: 'u', password: 'secret', kind: 'basic' } });
      const first = await camera(moved('302 Found', () => target.url('live').replace('127.0.0.1', 'localhost')));
      const error = await refusal(first.url('x'), { credentials: { user: 'u', password: 'secret' } });
      expect(error?.message).toMatch(/401/);
      expect(target.requests.some(({ headers }) => headers.has('authorization'))).toBe(false);
    });
  });

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

  describe('refusals', () => {
    const answering = (method: string, status: string): Partial<CameraOptions> => ({
      answer: (request) => (request.method === method ? [status] : null),
    });
    const cases: [string, string, RegExp][] = [
      ['DESCRIBE', '403 Forbidden', /answers 403 Forbidden to DESCRIBE: this user may not see/],
      ['DESCRIBE', '404 Stream Not Found', /answers 404 Stream Not Found to DESCRIBE: it has no such stream/],
      ['DESCRIBE', '503 Service Unavailable', /answers 503 .*busy/],
      ['SETUP', '453 Not Enough Bandwidth', /answers 453 .* to SETUP: it has no bandwidth/],
      ['SETUP', '461 Unsupported Transport', /answers 461 .*transport: udp/],
      ['PLAY', '454 Session Not Found', /answers 454 .* to PLAY: it has forgotten/],
      ['PLAY', '500 Internal Server Error', /answers 500 Internal Server Error to PLAY$/],
    ];
    for (const [method, status, text] of cases) {
      it(`tell ${status} of ${method}`, async () => {
        const started = await camera(answering(method, status));
        const error = await refusal(`${started.url('live')}?user=u&password=secret`);
        expect(error).toMatchObject({ code: 'EDGE_SOURCE_UNREACHABLE', message: expect.stringMatching(text) });
        expect(error?.message).not.toMatch(/secret|\n/);
      });
    }
    it('of UDP alone say what to set', async () => {
      const answer = ({ method }: Request) =>
        method === 'SETUP' ? ['200 OK', 'Transport: RTP/AVP;unicast;client_port=1-2'] : null;
      expect((await refusal((await camera({ answer })).url('live')))?.message).toMatch(/transport: udp/);
    });
    it('tell a camera without video from one in another coding', async () => {
      const sound = await camera({ video: ['m=audio 0 RTP/AVP 0'] });
      expect(await refusal(sound.url('live'))).toMatchObject({
        code: 'EDGE_SOURCE_NO_VIDEO',
        message: expect.stringMatching(/cam-1: rtsp:\/\/127.0.0.1:\d+\/live has no video track$/),
      });
      const other = await camera({ video: ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 AV1/90000'] });
      const error = await refusal(other.url('live'));
      expect(error).toBeInstanceOf(CodecElsewhere);
      expect(error).toMatchObject({ encoding: 'AV1' });
    });
    it('tell who does not answer, does not exist, or speaks otherwise', async () => {
      const started = await camera();
      await started.close();
      endings.length = 0;
      expect((await refusal(started.url('live')))?.message).toMatch(/refuses the connection$/);
      expect((await refusal('rtsp://no-such-host.invalid/live'))?.message).toMatch(/has a name that/);
      expect((await refusal('rtsp://h:99999/'))?.message).toMatch(/is no address of RTSP$/);
      const deaf = await camera({ deaf: ['DESCRIBE'] });
      expect((await refusal(deaf.url('live')))?.message).toMatch(/no answer to DESCRIBE within 8 s$/);
    });
    for (const [what, said, text] of [
      ['an endless head', `RTSP/1.0 200 OK\r\n${'X: y\r\n'.repeat(4000)}`, /head without end$/],
      ['an endless body', 'RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 99999999\r\n\r\n', /body too large$/],
      ['HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n', /closed the connection$/],
    ] as const) {
      it(`bound ${what}`, async () => {
        const server = createServer((socket) => {
          socket.on('error', () => {});
          socket.end(said);
        });
        const port = await listening(server);
        expect((await refusal(`rtsp://127.0.0.1:${port}/x`))?.message).toMatch(text);
      });
    }
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
    const units = [...file.units.slice(0, 3), { key: false, nals: [endless] }, ...file.units.slice(10, 20)];
    const started = await camera({ files: { '': { codec: 'h264', units } }, pictures: units.length });
    const run = watching(started.url('live'));
    await run.running;
    expect(run.packets.length).toBe(units.length - 1);
    expect(Math.max(...run.packets.map(({ data }) => data.length))).toBeLessThan(1 << 20);
    expect(run.packets[3]).toMatchObject({ key: true });
  });

  async function listening(server: Server): Promise<number> {
    const sockets = new Set<Socket>();
    server.on('connection', (socket) => sockets.add(socket));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    endings.push(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    });
    return (server.address() as { port: number }).port;
  }
});
