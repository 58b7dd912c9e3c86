/** What the RTSP client says of cameras that refuse, do not answer, or speak otherwise: one plain line. */
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { CodecElsewhere } from '../../edge/source/rtsp/client.ts';
import type { CameraOptions } from '../../test-media/cameras/rtsp-camera.ts';
import type { Request } from '../../test-media/cameras/rtsp-dialogue.ts';
import { needs } from '../needs.ts';
import { useCameras } from './rtsp-stage.ts';

describe.skipIf(!needs('ffmpeg'))('an RTSP conversation', () => {
  const { camera, forget, listening, refusal } = useCameras('refusals.264');

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
      forget();
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
});
