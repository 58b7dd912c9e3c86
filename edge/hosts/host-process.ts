/** One camera host as its main process has it: forked, spoken to, listened to, and ended when it no longer answers. */
import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { MemoryCommand, MemoryMap } from '../../contracts/camera-memory.ts';
import { AppError } from '../../platform/app-error.ts';
import { createDeferred } from '../../platform/deferred.ts';
import { createMemoryOrders } from './memory-orders.ts';
import type { FromHost, HostBoot, HostNews, HostRequest, InferenceWork, ToHost } from './messages.ts';
import { createRiskMark } from './risk-mark.ts';
import { fromWire, toWire } from './wire-fault.ts';

const PING_MS = 2000;
/** A host whose thread is busy or stopped for so many pings is gone. Counted in pings: time jumps when a machine sleeps. */
const SILENT_PINGS = 5;
/** Reading and compiling the program on a slow machine comes before the first answer. */
const SILENT_PINGS_AT_START = 60;
const TERM_MS = 20_000;
/** V8's young generation, MiB: frames are native memory, and what JavaScript makes of them is small and short-lived. */
const SEMI_SPACE_MIB = 8;
/** Of glibc: few heaps, and pictures in memory of their own that goes back once they are gone. */
const MALLOC = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '262144', MALLOC_TRIM_THRESHOLD_: '1048576' };
/** A line's objects take a few MiB; a heap that grows beyond this is a fault, found before it takes the box's memory. */
const HEAP_MIB = 512;

/**
 * What a host gets of the environment: secrets of the configuration may stand in the rest. A library that is loaded
 * before all others (an allocator, another clock) must be the same in all of a node's processes, with its settings.
 */
const ENVIRONMENT =
  /^(PATH|HOME|USER|LANG|LC_.*|TZ|TMPDIR|LD_LIBRARY_PATH|LD_PRELOAD|(DONT_)?FAKE\w+|NODE_ENV|NODE_EXTRA_CA_CERTS|SSL_CERT_.*)$/;

export type HostEnd = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly hung: boolean;
  /** Had reported that its models were loaded. */
  readonly loaded: boolean;
  /** Place in the boot's list of the camera that was being decoded. */
  readonly suspect: number | null;
};

export type HostProcess = {
  readonly pid: number | null;
  /** Settles when its models are loaded; rejects with what keeps them from it, or with the end. */
  readonly loaded: Promise<void>;
  readonly go: () => void;
  /** In order; the hard way when it takes too long. Rejects with what the host could not do at its end. */
  readonly stop: () => Promise<void>;
  /** To what one of its cameras remembers. Rejects with EDGE_MEMORY and what keeps it from being saved. */
  readonly memory: (order: MemoryCommand) => Promise<MemoryMap>;
  readonly rssBytes: () => number;
  readonly inference: () => InferenceWork;
};

export type HostHooks = {
  /** Settles with the answer once what was asked for is done. */
  readonly onRequest: (request: HostRequest) => Promise<string | null>;
  readonly onNews: (news: HostNews) => void;
  /** It is gone, and everything that it had said has been heard. */
  readonly onEnd: (end: HostEnd) => void;
};

function forkHost(threads: number, risk: number | 'ignore'): ChildProcess {
  const fromSources = import.meta.url.endsWith('.ts');
  const file = fileURLToPath(new URL(fromSources ? '../host.ts' : '../host.js', import.meta.url));
  const loader = () => pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const passed = Object.entries(process.env).filter(([name]) => ENVIRONMENT.test(name));
  return fork(file, [], {
    execArgv: [
      // Small heaps: helper threads that wait for each other cost more than they save (measured: 5 % of all CPU).
      '--single-threaded-gc',
      `--max-semi-space-size=${SEMI_SPACE_MIB}`,
      `--max-old-space-size=${HEAP_MIB}`,
      ...(fromSources ? ['--import', loader()] : []),
    ],
    // Too late inside the program: the pool is made at its first use, and a heap for each thread takes memory (glibc).
    env: { ...Object.fromEntries(passed), UV_THREADPOOL_SIZE: String(threads), ...MALLOC },
    serialization: 'advanced',
    // Results go to stdout, and they are the main process's.
    stdio: ['ignore', 2, 2, 'ipc', risk],
    // Away from the terminal's group: Ctrl-C is for the main process.
    detached: true,
  });
}

/** Settles when the process has ended and its last words have been read, or when it could not be started. */
function endOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((done) => {
    let exit: { code: number | null; signal: NodeJS.Signals | null } | null = null;
    let silent = false;
    const check = () => {
      if (exit && silent) done(exit);
    };
    child.once('exit', (code, signal) => {
      exit = { code, signal };
      check();
    });
    child.once('disconnect', () => {
      silent = true;
      check();
    });
    child.on('error', () => {
      // Not started (memory, processes), or a message that came too late.
      if (child.pid === undefined) done({ code: null, signal: null });
    });
  });
}

/**
 * Starts at once; `onEnd` is called in the end, however that comes, and when the process could not be started.
 *
 * @param threads of libuv
 */
export function startHost(boot: HostBoot, threads: number, hooks: HostHooks): HostProcess {
  const mark = createRiskMark();
  const child = forkHost(threads, mark.stdio);
  let rssBytes = 0;
  let inference: InferenceWork = { load: 0, queue: 0 };
  let unanswered = 0;
  let patience = SILENT_PINGS_AT_START;
  let hung = false;
  let isLoaded = false;
  let stopFault: Error | null = null;
  const loaded = createDeferred<void>();
  // Whoever restarts a host hears of its end another way.
  loaded.promise.catch(() => {});

  const send = (message: ToHost) => {
    if (child.connected) child.send(message, () => {});
  };
  const orders = createMemoryOrders(send);
  const kill = () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  };

  async function answer(request: HostRequest): Promise<void> {
    const { n } = request;
    try {
      send({ kind: 'answer', n, value: await hooks.onRequest(request), fault: null });
    } catch (error) {
      send({ kind: 'answer', n, value: null, fault: toWire(error) });
    }
  }

  child.on('message', (message: FromHost) => {
    unanswered = 0;
    // From sources the loader has words of its own for its parent.
    if (!('kind' in message)) return;
    if (message.kind === 'append' || message.kind === 'reserve' || message.kind === 'state')
      return void answer(message);
    patience = SILENT_PINGS;
    if (message.kind === 'memory') return orders.take(message);
    if (message.kind === 'figures') ({ rssBytes, inference } = message);
    if (message.kind === 'loaded') isLoaded = true;
    if (message.kind === 'loaded') loaded.resolve();
    if (message.kind === 'refused') loaded.reject(fromWire(message.fault));
    if (message.kind === 'stopped' && message.fault) stopFault = fromWire(message.fault);
    hooks.onNews(message);
  });

  const pings = setInterval(() => {
    if (++unanswered > patience && !hung) {
      hung = true;
      kill();
    }
    send({ kind: 'ping' });
  }, PING_MS);

  const ended = endOf(child).then(({ code, signal }) => {
    clearInterval(pings);
    orders.end();
    const suspect = mark.read();
    mark.close();
    const what = signal ?? (code === null ? 'it could not be started' : `exit ${code}`);
    loaded.reject(new AppError('EDGE_HOST_ENDED', `before its models were loaded (${what})`));
    hooks.onEnd({ code, signal, hung, loaded: isLoaded, suspect });
  });

  send(boot);
  return {
    pid: child.pid ?? null,
    loaded: loaded.promise,
    go: () => send({ kind: 'go' }),
    async stop() {
      send({ kind: 'stop' });
      const timer = setTimeout(kill, TERM_MS);
      await ended;
      clearTimeout(timer);
      if (stopFault) throw stopFault;
    },
    // What is sent to a host that has gone would be waited for in vain.
    memory: (order) =>
      child.connected ? orders.ask(order) : Promise.reject(new AppError('EDGE_MEMORY', 'its process has ended')),
    rssBytes: () => rssBytes,
    inference: () => inference,
  };
}
