/** Where the RTSP client asks: controls, bases, redirections, and the login that goes along. */
import { describe, expect, it } from 'vitest';
import { demuxMedia } from '../../edge/media/demux.ts';
import { protocolOf } from '../../edge/source/protocols.ts';
import { rtsp } from '../../edge/source/rtsp/index.ts';
import type { CameraOptions, RtspCamera } from '../../test-media/cameras/rtsp-camera.ts';
import type { Request } from '../../test-media/cameras/rtsp-dialogue.ts';
import { needs } from '../needs.ts';
import { useCameras } from './rtsp-stage.ts';

describe.skipIf(!needs('ffmpeg'))('an RTSP conversation', () => {
  const { asked, camera, refusal, watching } = useCameras('addresses.264');

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
});
