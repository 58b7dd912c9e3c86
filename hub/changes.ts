/** What changed, for listeners in this process (the API's event stream). Nothing rests on it being heard. */
import type { StreamMessage } from '../contracts/api/stream.ts';

export type Changes = {
  emit(message: StreamMessage): void;
  /** @returns a function that ends the subscription */
  subscribe(listener: (message: StreamMessage) => void): () => void;
};

/** Within this process; another hub's changes are not told. */
export function createChanges(): Changes {
  const listeners = new Set<(message: StreamMessage) => void>();
  return {
    emit(message) {
      for (const listener of listeners) listener(message);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
