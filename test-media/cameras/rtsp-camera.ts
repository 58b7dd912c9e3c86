/**
 * Cameras over RTSP and TCP for tests and the bench: every path is a camera of its own that repeats a file at its pace,
 * to as many viewers as come, with whatever real cameras do wrong.
 *
 * tsx test-media/cameras/rtsp-camera.ts --port 8554 --fps 10 --file sub.264 [--file main=main.264 …]
 * A path that begins with `/main` shows main.264, any other the file without a name.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { parseArgs } from 'node:util';
import { type CameraFile, splitAccessUnits } from './annex-b.ts';
import { createCameraLogin } from './camera-login.ts';
import { type Packing, type Prepared, prepare, stamped, without } from './rtp-pack.ts';
import { createDialogue, type Dialogue, type DialogueOptions, type Request } from './rtsp-dialogue.ts';

/** One picture about to go out. */
export type Sending = {
  readonly n: number;
  readonly picture: Prepared;
  readonly sequence: number;
  readonly rtpTime: number;
};

export type CameraOptions = DialogueOptions & {
  readonly port?: number;
  readonly fps?: number;
  /** By the beginning of the path; '' for any. */
  readonly files: Readonly<Record<string, CameraFile>>;
  readonly packing?: Packing;
  readonly tls?: { readonly cert: string; readonly key: string };
  /** RTP time of picture n. */
  readonly timeOf?: (n: number) => number;
  /** Frames that are left out: number of the picture, of the packet within. */
  readonly drop?: (picture: number, packet: number) => boolean;
  /** Bytes put before picture n. */
  readonly noise?: (n: number) => Buffer | null;
  /** Written in pieces of so many bytes. */
  readonly pieceBytes?: number;
  /** Closes the connection after so many pictures. */
  readonly pictures?: number;
  /** Which picture each viewer's stream begins with. */
  readonly startAt?: number;
  /** Pictures go by from the start on, on all paths alike, whether or not anybody watches. */
  readonly running?: boolean;
  /** A sender report with the picture's wall clock before every so many pictures. */
  readonly reportEvery?: number;
  /** Wall clock of picture n that sender reports tell, ms since the epoch. */
  readonly clockOf?: (n: number) => number;
  /** What is shown as picture n, instead of the file's pictures in turn. */
  readonly show?: (n: number) => { readonly file: CameraFile; readonly unit: number };
  /** What goes out for a picture, instead of the right bytes; null = nothing. */
  readonly send?: (sending: Sending) => Buffer | null;
  /** Pictures pass while nobody watches too, as a street's do. */
  readonly goesOn?: boolean;
  /** What a viewer that joins is sent at once, as the pictures since the last keyframe; null = nothing. */
  readonly onJoin?: () => Buffer | null;
};

export type RtspCamera = {
  readonly port: number;
  readonly url: (path: string) => string;
  readonly requests: readonly Request[];
  readonly viewers: () => number;
  readonly connections: () => number;
  /** Pictures sent since the start, all paths together. */
  readonly sent: () => number;
  /** ms since the epoch of picture 0 of a camera that is `running`. */
  readonly beganAt: number;
  /** Cuts every connection. */
  readonly cut: () => void;
  /** Cuts every connection and takes none, until `comeBack`. */
  readonly goAway: () => Promise<void>;
  readonly comeBack: () => Promise<void>;
  /** The viewers' ports. */
  readonly viewerPorts: () => readonly number[];
  readonly close: () => Promise<void>;
};

const RTP_CLOCK = 90_000;
const NTP_TO_UNIX = 2_208_988_800;
/** What a viewer may leave unread before it is cut, as real cameras do. */
const MAX_UNREAD = 16 << 20;

/** A file in Annex B form; its name’s ending tells the codec. */
export function readFile(path: string): CameraFile {
  const codec = /\.(265|h265|hevc)$/.test(path) ? 'h265' : 'h264';
  return { codec, units: splitAccessUnits(codec, readFileSync(path)) };
}

function senderReport(channel: number, rtpTime: number, unixMs: number): Buffer {
  const bytes = Buffer.alloc(32);
  bytes.set([0x24, channel, 0, 28, 0x80, 200, 0, 6]);
  bytes.writeUInt32BE(0x1234, 8);
  bytes.writeUInt32BE(Math.floor(unixMs / 1000) + NTP_TO_UNIX, 12);
  bytes.writeUInt32BE(Math.floor(((unixMs % 1000) / 1000) * 2 ** 32), 16);
  bytes.writeUInt32BE(rtpTime >>> 0, 20);
  return bytes;
}

/** One path: a run of pictures that all its viewers share. */
function createRun(options: CameraOptions, showing: (n: number) => Prepared, runningSince: number, onSent: () => void) {
  const viewers = new Set<Socket>();
  const { fps = 10, timeOf = (n: number) => Math.round((n * RTP_CLOCK) / fps) } = options;
  const { clockOf = (n: number) => Date.UTC(2026, 4, 1) + (n * 1000) / fps } = options;
  const rtcpChannel = (options.packing?.channel ?? 0) + 1;
  let timer: NodeJS.Timeout | null = null;
  let n = 0;
  let sequence = 65_500;
  let began = 0;

  function write(viewer: Socket, bytes: Buffer): void {
    if (viewer.writableLength > MAX_UNREAD) return void viewer.destroy();
    const step = options.pieceBytes ?? bytes.length;
    for (let at = 0; at < bytes.length; at += step) viewer.write(bytes.subarray(at, at + step));
  }
  function picture(): Buffer | null {
    const prepared = showing(n);
    const sending = { n, picture: prepared, sequence, rtpTime: timeOf(n) };
    const { drop, noise, reportEvery, send } = options;
    sequence += prepared.frames.length;
    const whole = send ? send(sending) : stamped(prepared, sending.sequence, sending.rtpTime, 0x1234);
    if (whole === null) return null;
    const bytes = drop ? without(prepared, whole, (packet) => drop(n, packet)) : whole;
    const before = noise?.(n) ?? null;
    const report = reportEvery && n % reportEvery === 0 ? senderReport(rtcpChannel, sending.rtpTime, clockOf(n)) : null;
    return before || report ? Buffer.concat([before ?? Buffer.alloc(0), report ?? Buffer.alloc(0), bytes]) : bytes;
  }
  function tick(): void {
    const bytes = picture();
    if (bytes) {
      for (const viewer of viewers) write(viewer, bytes);
      onSent();
    }
    n++;
    if (options.pictures !== undefined && n >= options.pictures) for (const viewer of viewers) viewer.end();
    const goesOn = viewers.size > 0 || options.goesOn;
    timer = goesOn ? setTimeout(tick, Math.max(0, began + (n * 1000) / fps - performance.now())) : null;
  }
  return {
    join(viewer: Socket) {
      viewers.add(viewer);
      viewer.once('close', () => viewers.delete(viewer));
      const greeting = options.onJoin?.() ?? null;
      if (greeting) write(viewer, greeting);
      if (timer) return;
      n = options.running ? Math.ceil(((performance.now() - runningSince) * fps) / 1000) : 0;
      // Cameras don't send at the same moment.
      began = options.running ? runningSince : performance.now() + Math.random() * Math.min(50, 500 / fps);
      timer = setTimeout(tick, began + (n * 1000) / fps - performance.now());
    },
    viewers: () => [...viewers],
    stop() {
      if (timer) clearTimeout(timer);
    },
  };
}

/** A camera that serves files over RTSP on a port of this machine, with the faults that the options ask for. */
export async function startRtspCamera(options: CameraOptions): Promise<RtspCamera> {
  const prepared = new Map<CameraFile, Prepared[]>();
  const runs = new Map<string, ReturnType<typeof createRun>>();
  const sockets = new Set<Socket>();
  const requests: Request[] = [];
  const runningSince = performance.now();
  const beganAt = Date.now();
  let sent = 0;

  function fileOf(path: string): CameraFile | null {
    const names = Object.keys(options.files).sort((a, b) => b.length - a.length);
    const name = names.find((one) => path.replace(/^\//, '').startsWith(one));
    return name === undefined ? null : (options.files[name] as CameraFile);
  }
  function picturesOf(file: CameraFile): readonly Prepared[] {
    const pictures = prepared.get(file) ?? prepare(file.codec, file.units, options.packing);
    prepared.set(file, pictures);
    return pictures;
  }
  function runOf(path: string): ReturnType<typeof createRun> | null {
    const file = fileOf(path);
    if (!file) return null;
    const { startAt = 0, show = (n: number) => ({ file, unit: (n + startAt) % file.units.length }) } = options;
    const showing = (n: number) => {
      const { file: shown, unit } = show(n);
      return picturesOf(shown)[unit] as Prepared;
    };
    const run = runs.get(path) ?? createRun(options, showing, runningSince, () => sent++);
    runs.set(path, run);
    return run;
  }
  function serve(socket: Socket): void {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    const login = options.login ? createCameraLogin(options.login) : null;
    const dialogue: Dialogue = createDialogue(socket, options, {
      fileOf,
      login,
      onRequest: (request) => requests.push(request),
      onPlay: (path) => runOf(path)?.join(socket),
    });
    socket.on('data', dialogue.read);
    socket.once('close', () => {
      sockets.delete(socket);
      dialogue.close();
    });
  }
  const server: Server = options.tls ? createTlsServer(options.tls, serve) : createServer(serve);
  const listen = async (at: number) => {
    server.listen(at, '127.0.0.1', 1024);
    await once(server, 'listening');
  };
  await listen(options.port ?? 0);
  const { port } = server.address() as { port: number };
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const goAway = async () => {
    const closed = once(server, 'close');
    server.close();
    cut();
    await closed;
  };
  return {
    port,
    url: (path) => `${options.tls ? 'rtsps' : 'rtsp'}://127.0.0.1:${port}/${path}`,
    requests,
    viewers: () => [...runs.values()].reduce((sum, run) => sum + run.viewers().length, 0),
    viewerPorts: () => [...runs.values()].flatMap((run) => run.viewers().map((viewer) => viewer.remotePort ?? 0)),
    connections: () => sockets.size,
    sent: () => sent,
    beganAt,
    cut,
    goAway,
    comeBack: () => listen(port),
    async close() {
      for (const run of runs.values()) run.stop();
      if (server.listening) await goAway();
    },
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8554' },
      fps: { type: 'string', default: '10' },
      file: { type: 'string', multiple: true, default: [] },
    },
  });
  const files = Object.fromEntries(
    values.file.map((text) => {
      const [, name = '', path = ''] = /^(?:([\w-]+)=)?(.*)$/.exec(text) ?? [];
      return [name, readFile(path)];
    }),
  );
  const camera = await startRtspCamera({ port: Number(values.port), fps: Number(values.fps), files });
  process.stdout.write(`${camera.url('')}\n`);
}

if (import.meta.url === `file://${process.argv[1]}`) await main();
