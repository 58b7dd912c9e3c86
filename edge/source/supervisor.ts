/** Connects a stream anew whenever it has ended: the only place where a camera is tried again, whatever its protocol. */
import type { AppError } from '../../platform/app-error.ts';
import { backOffMs } from '../../platform/back-off.ts';
import { sleep } from '../../platform/sleep.ts';

/** A camera that comes back is seen again within three seconds; each try of our own client costs next to nothing. */
const RECONNECT = { minMs: 500, maxMs: 2000 } as const;
/** A camera that starts anew may refuse once; whom it goes on refusing it locks out in the end. */
const FORGIVEN_REFUSALS = 2;
const AFTER_REFUSAL = { minMs: 30_000, maxMs: 300_000 } as const;

/** The camera has answered, and not to this user and password. */
export function isRefusedLogin({ code, message }: AppError): boolean {
  return code === 'EDGE_SOURCE_UNREACHABLE' && /\b40[13]\b/.test(message);
}

/**
 * Runs one connection after another until the signal comes or there is none to come.
 *
 * @param connect one connection from start to end; gives what ended it, null where the stream ended by itself
 * @param afterwards ms until the next one, null for none; what it throws ends the supervision
 */
export async function keepConnected(
  connect: () => Promise<AppError | null>,
  afterwards: (fault: AppError | null) => number | null,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const fault = await connect();
    if (signal.aborted) return;
    const waitMs = afterwards(fault);
    if (waitMs === null) return;
    await sleep(waitMs, signal);
    if (signal.aborted) return;
  }
}

/** Waits between the connections of a camera, with back-off; seldom where it refuses the login. */
export function createReconnectDelay(random: () => number) {
  let tries = 0;
  let refusals = 0;
  return {
    /** @param shown the connection had given a picture: the back-off begins anew. @returns ms */
    next(fault: AppError | null, shown: boolean): number {
      if (shown) tries = 0;
      refusals = fault && isRefusedLogin(fault) ? refusals + 1 : 0;
      return backOffMs(tries++, random, refusals > FORGIVEN_REFUSALS ? AFTER_REFUSAL : RECONNECT);
    },
  };
}
