/** Logging in to cameras: every scheme, passwords with every sign, nonces that grow old, certificates. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { demuxRtsp } from '../../edge/source/rtsp/client.ts';
import type { LoginKind } from '../../test-media/cameras/camera-login.ts';
import { type CameraOptions, type RtspCamera, startRtspCamera } from '../../test-media/cameras/rtsp-camera.ts';
import { createAuthority } from '../certificates.ts';
import { needs } from '../needs.ts';
import { until } from '../processes.ts';
import { demuxing, makeStream, type Stream } from './rtsp-stage.ts';
import { folder } from './stage.ts';

const USER = 'Zoë "the" \\admin';
const PASSWORD = ' !"#$%&\'()*+,-./0:;<=>?@[\\]^_`{|}~é漢😀 ';
const KINDS: LoginKind[] = ['basic', 'md5', 'md5-qop', 'md5-sess', 'sha-256', 'all'];

describe.skipIf(!needs('ffmpeg'))('logging in to a camera', () => {
  const endings: (() => Promise<void>)[] = [];
  let file: Stream;
  beforeAll(() => {
    file = makeStream('login.264');
  });
  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end();
  });
  async function camera(options: Partial<CameraOptions>): Promise<RtspCamera> {
    const started = await startRtspCamera({ files: { '': file }, fps: 50, ...options });
    endings.push(started.close);
    return started;
  }
  const refusal = (url: string, more = {}) =>
    demuxRtsp(
      { camera: 'cam-1', url, credentials: null, transport: 'tcp', ...more },
      () => {},
      new AbortController().signal,
    ).then(
      () => null,
      (error: { code: string; message: string }) => error,
    );

  for (const kind of KINDS) {
    it(`works by ${kind}`, async () => {
      const started = await camera({ login: { user: USER, password: PASSWORD, kind }, sessionSeconds: 1 });
      const run = demuxing(started.url('live?a=b,c'), { credentials: { user: USER, password: PASSWORD } });
      endings.push(run.stop);
      // Three times alive: the count of a nonce's uses goes on.
      const alive = () => started.requests.filter(({ method }) => method === 'GET_PARAMETER').length;
      await run.until(() => alive() >= 3, 'kept alive');
      expect(started.requests.filter(({ method }) => method === 'DESCRIBE').length).toBe(2);
    });
    it(`fails by ${kind} after one try, without a secret in what is said`, async () => {
      for (const fromTheStart of [true, false]) {
        const started = await camera({ login: { user: USER, password: PASSWORD, kind, fromTheStart } });
        const error = await refusal(started.url('live'), { credentials: { user: USER, password: 'wrong-secret' } });
        expect(error).toMatchObject({
          code: 'EDGE_SOURCE_UNREACHABLE',
          message: expect.stringMatching(/answers 401 Unauthorized to \w+: user or password is wrong$/),
        });
        expect(error?.message).not.toMatch(/wrong-secret|n0-/);
        // Cameras lock a user out after a few wrong tries.
        expect(started.requests.filter(({ headers }) => headers.has('authorization')).length).toBe(1);
      }
    });
  }

  it('asks for user and password where there are none', async () => {
    const started = await camera({ login: { user: USER, password: PASSWORD, kind: 'all' } });
    expect((await refusal(started.url('live')))?.message).toMatch(/401 .*it asks for user and password$/);
  });

  for (const silent of [false, true]) {
    it(`goes on with a new nonce, ${silent ? 'whether or not the camera says so' : 'told to be stale'}`, async () => {
      const login = { user: USER, password: PASSWORD, kind: 'md5-qop', usesOfNonce: 2, silent } as const;
      const started = await camera({ login, sessionSeconds: 1 });
      const run = demuxing(started.url('live'), { credentials: { user: USER, password: PASSWORD } });
      endings.push(run.stop);
      const alive = () => started.requests.filter(({ method }) => method === 'GET_PARAMETER').length;
      await run.until(() => alive() >= 8, 'kept alive');
      const seen = run.packets.length;
      await run.until(() => run.packets.length > seen + 20, 'pictures still');
    });
  }

  it('never shows a secret that the camera repeats', async () => {
    const answer: CameraOptions['answer'] = ({ method, headers }) =>
      method === 'DESCRIBE' && headers.has('authorization')
        ? [`400 Bad ${PASSWORD} ${encodeURIComponent(PASSWORD)}`]
        : null;
    const started = await camera({ login: { user: USER, password: PASSWORD, kind: 'md5' }, answer });
    const error = await refusal(started.url('live'), { credentials: { user: USER, password: PASSWORD } });
    expect(error?.message).toMatch(/answers 400 Bad/);
    expect(error?.message).not.toContain(PASSWORD.trim());
    expect(error?.message).not.toContain(encodeURIComponent(PASSWORD.trim()));
  });

  describe('over TLS', () => {
    let ca = '';
    let tls: { cert: string; key: string };
    let other: { cert: string; key: string };
    beforeAll(() => {
      const authority = createAuthority(folder);
      const read = ({ cert, key }: { cert: string; key: string }) => ({
        cert: readFileSync(cert, 'utf8'),
        key: readFileSync(key, 'utf8'),
      });
      ca = readFileSync(authority.ca, 'utf8');
      tls = read(authority.issue('camera'));
      other = read(authority.issue('other'));
    });
    it('believes a certificate by its authority or by its fingerprint', async () => {
      const started = await camera({ tls });
      const refused = await refusal(started.url('live'));
      expect(refused?.message).toMatch(/its certificate is not trusted \(.*SHA-256 [0-9A-F:]{95}\)$/);
      const fingerprint = /SHA-256 ([0-9A-F:]+)/.exec(refused?.message ?? '')?.[1] as string;
      // Nothing was said to a camera that is not trusted.
      expect(started.requests.length).toBe(0);
      for (const trust of [{ ca }, { fingerprint }, { fingerprint: fingerprint.replaceAll(':', '').toLowerCase() }]) {
        const run = demuxing(started.url('live'), { tls: trust });
        await run.until(() => run.packets.length > 20, 'pictures');
        await run.stop();
      }
      await until('the connections are gone', () => started.connections() === 0, 2000);
      const changed = await camera({ tls: other });
      expect((await refusal(changed.url('live'), { tls: { fingerprint } }))?.message).toMatch(/is another one/);
    });
    it('tells a port that speaks none', async () => {
      const started = await camera({});
      const error = await refusal(started.url('live').replace('rtsp:', 'rtsps:'));
      expect(error).toMatchObject({ code: 'EDGE_SOURCE_UNREACHABLE' });
      expect(error?.message).toMatch(/does not speak TLS|closed|no connection|broke/);
    });
  });
});
