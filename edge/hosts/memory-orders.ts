/** Orders to what a host's cameras remember: each waits for its answer, or for the end of the host. */
import type { MemoryCommand, MemoryMap } from '../../contracts/camera-memory.ts';
import { AppError } from '../../platform/app-error.ts';
import { createDeferred } from '../../platform/deferred.ts';
import type { HostNews, ToHost } from './messages.ts';
import { fromWire } from './wire-fault.ts';

type MemoryNews = Extract<HostNews, { kind: 'memory' }>;

/** @param send to the host */
export function createMemoryOrders(send: (message: ToHost) => void) {
  const waiting = new Map<number, ReturnType<typeof createDeferred<MemoryMap>>>();
  let lastN = 0;
  return {
    /** Settles once what the order changed is safe. @throws EDGE_MEMORY when the host ends before it has answered */
    ask(order: MemoryCommand): Promise<MemoryMap> {
      const n = ++lastN;
      const answer = createDeferred<MemoryMap>();
      waiting.set(n, answer);
      send({ kind: 'memory', n, order });
      return answer.promise;
    },
    take({ n, map, fault }: MemoryNews): void {
      const answer = waiting.get(n);
      waiting.delete(n);
      if (map) answer?.resolve(map);
      else if (fault) answer?.reject(fromWire(fault));
    },
    end(): void {
      for (const answer of waiting.values()) answer.reject(new AppError('EDGE_MEMORY', 'its process has ended'));
      waiting.clear();
    },
  };
}
