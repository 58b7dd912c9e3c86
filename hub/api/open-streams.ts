/** Event streams and the sessions that opened them: a stream ends with its session, its user's rights, or her role. */
import { AppError } from '../../platform/app-error.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { type HeldRights, heldSessions } from '../registry/users.ts';
import type { Store } from '../storage/store.ts';

type OpenStream = {
  readonly user: string;
  readonly session: string;
  readonly rights: HeldRights;
  readonly close: () => void;
};

export type OpenStreams = {
  /**
   * @param stream its `session` is the SHA-256 of the cookie
   * @returns a function that takes the stream off the list. @throws API_RATE when this user has too many
   */
  add(stream: OpenStream): () => void;
  /** Ends the streams whose session no longer holds. */
  check(): Promise<void>;
  closeAll(): void;
};

const sameRights = (a: HeldRights, b: HeldRights) =>
  a.role === b.role && a.unit === b.unit && JSON.stringify(a.scope) === JSON.stringify(b.scope);

/** What another hub did, or the clock, is noticed within this time, ms. */
const EVERY_MS = 5000;
/** Of one user: more tabs than anybody reads, and too few to take the hub's connections away. */
const MAX_PER_USER = 64;

/** Asks every five seconds while any stream is open. */
export function createOpenStreams({ store, clock, log }: { store: Store; clock: Clock; log: Log }): OpenStreams {
  const open = new Set<OpenStream>();
  let timer: NodeJS.Timeout | null = null;

  async function check(): Promise<void> {
    if (open.size === 0) return;
    const asked = [...open];
    try {
      const held = await heldSessions(store, [...new Set(asked.map(({ session }) => session))], clock.now());
      for (const { session, rights, close } of asked) {
        const now = held.get(session);
        if (!now || !sameRights(now, rights)) close();
      }
    } catch (error) {
      // The next round asks again; without a database there is nothing to tell anybody either.
      log.warn({ err: error }, 'sessions of event streams could not be checked');
    }
  }

  return {
    add(stream) {
      let own = 0;
      for (const { user } of open) if (user === stream.user) own += 1;
      if (own >= MAX_PER_USER) throw new AppError('API_RATE', `${own} event streams of ${stream.user} are open`);
      open.add(stream);
      timer ??= setInterval(() => void check(), EVERY_MS).unref();
      return () => {
        open.delete(stream);
        if (open.size > 0 || !timer) return;
        clearInterval(timer);
        timer = null;
      };
    },
    check,
    closeAll() {
      for (const stream of open) stream.close();
    },
  };
}
