/** What comes out of the RTSP client is what the camera's pictures are, however they are packed, marked, timed and damaged. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isSlice, nalType, splitNals } from '../../test-media/cameras/annex-b.ts';
import { type CameraOptions, type RtspCamera, startRtspCamera } from '../../test-media/cameras/rtsp-camera.ts';
import { needs } from '../needs.ts';
import { body, bodyOf, demuxing, makeStream, pictureSums, type Stream, sumsOf, x264, x265 } from './rtsp-stage.ts';

const FAST = 200;

describe.skipIf(!needs('ffmpeg'))('pictures over RTSP', () => {
  const open: RtspCamera[] = [];
  let plain: Stream;
  let slices: Stream;
  let hevc: Stream;
  beforeAll(() => {
    plain = makeStream('plain.264');
    slices = makeStream('slices.264', { codec: x264('keyint=10:slices=4:bframes=0') });
    hevc = makeStream('plain.265', { codec: x265('keyint=10:slices=2:open-gop=1:bframes=3:aud=1') });
  });
  afterEach(async () => {
    for (const camera of open.splice(0)) await camera.close();
  });

  async function camera(file: Stream, options: Partial<CameraOptions> = {}): Promise<RtspCamera> {
    const started = await startRtspCamera({ files: { '': file }, fps: FAST, ...options });
    open.push(started);
    return started;
  }
  /** One run of the file from its first picture until the camera closes. */
  async function onePass(file: Stream, options: Partial<CameraOptions> = {}) {
    const started = await camera(file, { pictures: file.units.length, ...options });
    const run = demuxing(started.url('live'));
    await run.running;
    return run;
  }

  const packings: [string, CameraOptions['packing']][] = [
    ['in fragments and single units', {}],
    ['in tiny fragments', { mtu: 3 }],
    ['aggregated', { aggregate: true }],
    ['with order numbers', { withOrder: true, aggregate: true, mtu: 700 }],
    ['in packets of the largest size', { mtu: 60_000, aggregate: true }],
  ];
  for (const [how, packing] of packings) {
    it(`gives H.264 and H.265 ${how}`, async () => {
      for (const file of [plain, slices, hevc]) {
        const run = await onePass(file, { packing: packing ?? {}, withOrder: packing?.withOrder ?? false });
        expect(run.packets.map((packet) => bodyOf(file.codec, packet))).toEqual(
          file.units.map((unit) => body(file.codec, unit.nals)),
        );
        expect(run.packets.map(({ key }) => key)).toEqual(file.units.map(({ key }) => key));
        expect(sumsOf(run.packets, file.codec)).toEqual(pictureSums(file.path));
      }
    });
  }

  it('puts the parameter sets in front of every keyframe, in band or described', async () => {
    for (const setsInBand of [true, false]) {
      const run = await onePass(plain, { setsInBand });
      for (const { key, data, format } of run.packets) {
        const types = splitNals(data).map((nal) => (nal[0] as number) & 31);
        if (key) expect(types.slice(0, 2)).toEqual([7, 8]);
        if (key) expect(data.indexOf(format.extradata as Buffer)).toBe(0);
      }
      expect(run.packets[0]?.format).toMatchObject({ codec: 'h264', width: 320, height: 180, pixelAspect: 1 });
      expect(new Set(run.packets.map(({ format }) => format)).size).toBe(1);
      expect(run.streams.at(-1)).toEqual({ text: 'h264 (High), 320x180, 10 fps', fps: 10, audio: false });
    }
  });

  it('takes described sets where none come in band', async () => {
    const bare = { ...plain, units: plain.units.map((unit) => ({ ...unit, nals: unit.nals.filter(isNoSet) })) };
    const first = plain.units[0]?.nals.filter((nal) => !isNoSet(nal)).map((nal) => nal.toString('base64'));
    const video = ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000', `a=fmtp:96 sprop-parameter-sets=${first?.join()}`];
    const run = await onePass(bare, { video });
    expect(run.packets.filter(({ key }) => key).length).toBe(4);
    expect(sumsOf(run.packets, 'h264')).toEqual(pictureSums(plain.path));
  });

  it('calls nothing a keyframe before the parameter sets are known', async () => {
    const bare = { ...plain, units: plain.units.map((unit) => ({ ...unit, nals: unit.nals.filter(isNoSet) })) };
    const run = await onePass(bare, { setsInBand: true });
    expect(run.packets.length).toBe(plain.units.length);
    expect(run.packets.some(({ key }) => key)).toBe(false);
    expect(run.packets[0]?.format).toMatchObject({ extradata: null, width: 0 });
  });

  it('tells a change of the picture by a new format', async () => {
    const larger = makeStream('larger.264', { size: '640x368', filter: 'setsar=4/3' });
    const both = { ...plain, units: [...plain.units, ...larger.units] };
    const run = await onePass(both);
    const sizes = run.packets.map(({ format }) => `${format.width}x${format.height}`);
    expect(sizes.filter((size) => size === '320x180').length).toBe(plain.units.length);
    expect(sizes.filter((size) => size === '640x368').length).toBe(larger.units.length);
    const change = run.packets[plain.units.length];
    expect(change?.key).toBe(true);
    expect(change?.format.pixelAspect).toBeCloseTo(4 / 3);
    expect(run.streams.map(({ text }) => text.split(', ')[1])).toEqual(['320x180', '640x368']);
  });

  describe('where a picture ends', () => {
    it('is told by the next one where the camera marks nothing', async () => {
      for (const file of [plain, slices, hevc]) {
        const run = await onePass(file, { packing: { markers: 'never' } });
        const right = file.units.map((unit) => body(file.codec, unit.nals)).slice(0, -1);
        expect(run.packets.map((packet) => bodyOf(file.codec, packet))).toEqual(right);
      }
    });
    it('is not believed of a camera that marks every slice', async () => {
      for (const file of [slices, hevc]) {
        const run = await onePass(file, { packing: { markers: 'slices' } });
        const right = file.units.map((unit) => body(file.codec, unit.nals)).slice(0, -1);
        expect(run.packets.map((packet) => bodyOf(file.codec, packet))).toEqual(right);
      }
    });
    it('is found without marks and without times', async () => {
      for (const file of [slices, hevc]) {
        const run = await onePass(file, { packing: { markers: 'never' }, timeOf: () => 0 });
        const right = file.units.map((unit) => body(file.codec, unit.nals)).slice(0, -1);
        expect(run.packets.map((packet) => bodyOf(file.codec, packet))).toEqual(right);
      }
    });
    it('keeps the two fields of a picture together', async () => {
      const codec = x264('keyint=10:interlaced=1:bframes=0');
      const fields = makeStream('fields.264', { codec, size: '320x192' });
      const run = await onePass(fields);
      expect(sumsOf(run.packets, 'h264')).toEqual(pictureSums(fields.path));
    });
  });

  describe('keyframes', () => {
    it('are open-GOP I pictures at recovery points too', async () => {
      const file = makeStream('open.264', { codec: x264('keyint=10:min-keyint=10:open-gop=1:bframes=3'), seconds: 6 });
      const run = await onePass(file);
      const keys = run.packets.flatMap(({ key }, i) => (key ? [i] : []));
      expect(keys.length).toBe(6);
      expect(file.units.filter(({ key }) => key).length).toBe(1);
    });
    it('are none in a gradual refresh', async () => {
      const file = makeStream('refresh.264', { codec: x264('keyint=10:intra-refresh=1:bframes=0'), seconds: 4 });
      const run = await onePass(file);
      expect(run.packets.flatMap(({ key }, i) => (key ? [i] : []))).toEqual([0]);
    });
    it('are none where a whole I picture says that others are not yet', async () => {
      const codec = x264('keyint=10:min-keyint=10:open-gop=1:bframes=3');
      const file = makeStream('not-yet.264', { codec });
      // A recovery point message of one frame instead of none.
      const from = Buffer.from([6, 6, 1]);
      const units = file.units.map(({ key, nals }) => ({
        key,
        nals: nals.map((nal) => (nal.indexOf(from) === 0 ? Buffer.from([6, 6, 1, 0x44, 0x80]) : nal)),
      }));
      expect(units.flatMap(({ nals }) => nals).filter((nal) => nal.indexOf(from) === 0).length).toBeGreaterThan(2);
      const run = await onePass({ ...file, units });
      expect(run.packets.flatMap(({ key }, i) => (key ? [i] : []))).toEqual([0]);
    });
    it('are I pictures behind a sequence set, in a stream without IDR', async () => {
      const codec = x264('keyint=10:min-keyint=10:open-gop=1:bframes=0');
      const file = makeStream('no-idr.264', { codec });
      const noMessages = (nal: Buffer) => ((nal[0] as number) & 31) !== 6;
      const units = file.units.slice(10).map((unit) => ({ ...unit, nals: unit.nals.filter(noMessages) }));
      const run = await onePass({ ...file, units });
      expect(run.packets.flatMap(({ key }, i) => (key ? [i] : []))).toEqual([0, 10, 20]);
    });
    it('are CRA and IDR in H.265', async () => {
      const run = await onePass(hevc);
      expect(run.packets.filter(({ key }) => key).length).toBe(4);
    });
  });

  describe('time', () => {
    it('is the stream’s own, over the wrap of 32 bits', async () => {
      const run = await onePass(plain, { timeOf: (n) => (2 ** 32 - 45_000 + n * 9000) % 2 ** 32 });
      const steps = run.packets.slice(1).map(({ ptsUs }, i) => (ptsUs ?? 0) - (run.packets[i]?.ptsUs ?? 0));
      expect(run.packets[0]?.ptsUs).toBe(0);
      expect(new Set(steps)).toEqual(new Set([100_000]));
    });
    it('is none where it stands still', async () => {
      const run = await onePass(plain, { timeOf: () => 0 });
      expect(run.packets.length).toBe(plain.units.length);
      expect(run.packets.slice(3).every(({ ptsUs }) => ptsUs === null)).toBe(true);
    });
    it('jumps where the camera’s does', async () => {
      const run = await onePass(plain, { timeOf: (n) => (n < 20 ? n * 9000 : n * 9000 + 90_000 * 3600) });
      expect((run.packets[20]?.ptsUs ?? 0) - (run.packets[19]?.ptsUs ?? 0)).toBe(3_600_100_000);
    });
    it('is tied to the camera’s wall clock by its reports', async () => {
      const run = await onePass(plain, { reportEvery: 10, fps: 50, timeOf: (n) => n * 1800 });
      expect(run.clocks.length).toBe(3);
      for (const { ptsUs, unixMs } of run.clocks) expect(unixMs - ptsUs / 1000).toBeCloseTo(Date.UTC(2026, 4, 1), 0);
    });
  });

  describe('loss', () => {
    it('costs the damaged picture, and marks what is built on it until the next keyframe', async () => {
      // Shown in another order than sent: a CRA picture behind its leading picture.
      const kind = (n: number) =>
        Math.max(...(hevc.units[n]?.nals ?? []).map((nal) => (nalType('h265', nal) < 32 ? nalType('h265', nal) : 0)));
      const order = (n: number) => (kind(n) === 21 ? n + 1 : kind(n) === 8 ? n - 1 : n);
      for (const file of [plain, hevc]) {
        const timeOf = (n: number) => (file === hevc ? order(n) : n) * 9000;
        const drop = (n: number, packet: number) => n === 13 && packet === 1;
        const run = await onePass(file, { packing: { mtu: 200 }, timeOf, drop });
        const right = file.units.map((unit) => body(file.codec, unit.nals));
        right.splice(13, 1);
        expect(run.packets.map((packet) => bodyOf(file.codec, packet))).toEqual(right);
        const next = run.packets.findIndex(({ key }, i) => key && i >= 13);
        const shown = run.packets[next]?.ptsUs ?? 0;
        // Pictures behind the keyframe that are shown before it refer to what is in front of it.
        const marked = run.packets.map(({ ptsUs }, i) => i >= 13 && i !== next && (i < next || (ptsUs ?? 0) < shown));
        expect(run.packets.map(({ afterLoss }) => afterLoss === true)).toEqual(marked);
        expect(marked.slice(next).some(Boolean)).toBe(file === hevc);
      }
    });
    it('of any packet of a keyframe never leaves a keyframe', async () => {
      for (const file of [plain, slices, hevc]) {
        for (let packet = 0; packet < 6; packet++) {
          const run = await onePass(file, { packing: { mtu: 400 }, drop: (n, one) => n === 10 && one === packet });
          // A lost set, delimiter or message alone does no harm: the sets are known.
          const whole = new Map(file.units.map(({ nals, key }) => [slicesOf(file, nals), key]));
          for (const { data, key } of run.packets) expect(whole.get(slicesOf(file, splitNals(data)))).toBe(key);
          expect(run.packets.length).toBeGreaterThanOrEqual(file.units.length - 1);
        }
      }
    });
    it('in a gradual refresh is over when the refresh is', async () => {
      const file = makeStream('refresh-loss.264', { codec: x264('keyint=10:intra-refresh=1:bframes=0'), seconds: 5 });
      const run = await onePass(file, { drop: (n) => n === 12 });
      const after = run.packets.flatMap(({ afterLoss }, i) => (afterLoss ? [i] : []));
      expect(after[0]).toBe(12);
      expect(after.at(-1)).toBeGreaterThan(20);
      expect(after.at(-1)).toBeLessThan(40);
    });
  });

  it('steps over garbage between packets', async () => {
    const noise = (n: number) =>
      n % 7 === 3 ? Buffer.from('\0\x01$\xff$\x00\0\x05R RTSP OPT garbage\xff$\0\x10\0\x0f$', 'latin1') : null;
    const run = await onePass(plain, { noise });
    expect(run.packets.length).toBe(plain.units.length);
    expect(run.packets.some(({ afterLoss }) => afterLoss)).toBe(false);
  });
  it('gives up on a camera that sends garbage only, in one line', async () => {
    const started = await camera(plain, { noise: () => Buffer.alloc(70_000, 'x') });
    const run = demuxing(started.url('live'));
    // Pictures between the garbage excuse it; without any it is the end.
    await run.until(() => run.packets.length > 3, 'pictures');
    await run.stop();
    const only = await camera(plain, { afterPlay: (socket) => void socket.write(Buffer.alloc(600_000, 'x')) });
    await expect(demuxing(only.url('live')).running).rejects.toMatchObject({
      code: 'EDGE_SOURCE_UNREACHABLE',
      message: expect.stringMatching(/neither RTSP nor packets$/),
    });
  });
  it('leaves channels and payload types alone that it did not ask for', async () => {
    const stranger = Buffer.concat([Buffer.from([0x24, 8, 0, 20]), Buffer.alloc(20, 0x80)]);
    const other = Buffer.concat([Buffer.from([0x24, 0, 0, 16, 0x80, 0]), Buffer.alloc(14)]);
    const run = await onePass(plain, { noise: () => Buffer.concat([stranger, other]) });
    expect(run.packets.map((packet) => bodyOf('h264', packet))).toEqual(
      plain.units.map((unit) => body('h264', unit.nals)),
    );
  });
});

function isNoSet(nal: Buffer): boolean {
  return ![7, 8].includes((nal[0] as number) & 31);
}

function slicesOf({ codec }: Stream, nals: readonly Buffer[]): string {
  return nals
    .filter((nal) => isSlice(codec, nal))
    .map((nal) => nal.toString('base64'))
    .join();
}
