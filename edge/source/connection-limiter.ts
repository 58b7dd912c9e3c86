/** Lets cameras connect one after another: a server that serves many refuses a crowd, and a crowd starves this machine. */

export type ConnectionLimiter = {
  /** Settles when this camera may connect; what it gives is called once its first packet has come, or it has failed. */
  readonly enter: () => Promise<() => void>;
};

export type ConnectionLimiterOptions = {
  /** Cameras that may be connecting at the same time. */
  readonly atOnce: number;
  /** Least time between two beginnings, ms. */
  readonly spacingMs: number;
  /** A camera that has nothing to say holds its place no longer than this, ms: a dozen dead ones must not stop the rest. */
  readonly holdMs: number;
};

/** One for all cameras of a process. */
export function createConnectionLimiter(options: ConnectionLimiterOptions): ConnectionLimiter {
  const { atOnce, spacingMs, holdMs } = options;
  const waiting: (() => void)[] = [];
  let inside = 0;
  let lastAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | null = null;

  function place(): () => void {
    let held = true;
    const leave = () => {
      if (!held) return;
      held = false;
      clearTimeout(limit);
      inside--;
      admit();
    };
    const limit = setTimeout(leave, holdMs);
    limit.unref();
    return leave;
  }

  function admit(): void {
    if (timer !== null || inside >= atOnce || waiting.length === 0) return;
    const restMs = lastAt + spacingMs - performance.now();
    if (restMs > 0) {
      timer = setTimeout(() => {
        timer = null;
        admit();
      }, restMs);
      return;
    }
    lastAt = performance.now();
    inside++;
    waiting.shift()?.();
    admit();
  }

  return {
    enter: () =>
      new Promise((resolve) => {
        waiting.push(() => resolve(place()));
        admit();
      }),
  };
}

/** Waits for its turn, or not any longer once the signal comes; a turn that comes too late is passed on. */
export async function awaitTurn(
  enter: (() => Promise<() => void>) | undefined,
  signal: AbortSignal,
): Promise<() => void> {
  const nothing = () => {};
  if (!enter) return nothing;
  const given = enter();
  let stop = nothing;
  const stopped = new Promise<null>((settle) => {
    stop = () => settle(null);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  const leave = await Promise.race([given, stopped]);
  signal.removeEventListener('abort', stop);
  if (leave) return leave;
  void given.then((late) => late());
  return nothing;
}
