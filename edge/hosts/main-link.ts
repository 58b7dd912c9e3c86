/** A host's line to the node's main process: findings go over it and are safe once it has answered. */
import { createLog, type Log } from '../../platform/log.ts';
import type { FindingStore, NodeParts } from '../pipeline/camera.ts';
import type { FromHost, HostNews, HostRequest, ToHost } from './messages.ts';
import { fromWire } from './wire-fault.ts';

type WithoutNumber<T> = T extends HostRequest ? Omit<T, 'n'> : never;
type Waiting = { readonly resolve: (value: string | null) => void; readonly reject: (error: Error) => void };
export type Order = Exclude<ToHost, { kind: 'answer' }>;

export type MainLink = {
  readonly store: FindingStore;
  readonly retention: NodeParts['retention'];
  readonly tell: (news: HostNews) => void;
  /** A log whose lines are written by the main process, into its own. */
  readonly createLog: (level: string) => Log;
  /** Says the last word and lets the line go, so that the process may end. */
  readonly leave: (news: HostNews) => Promise<void>;
};

/**
 * The line of this process to its parent.
 *
 * @param onOrder takes what is no answer
 */
export function openMainLink(onOrder: (order: Order) => void): MainLink {
  const waiting = new Map<number, Waiting>();
  let lastN = 0;

  const send = (message: FromHost, sent?: (error: Error | null) => void) =>
    void process.send?.(message, undefined, undefined, sent);

  process.on('message', (message: ToHost) => {
    if (message.kind !== 'answer') return onOrder(message);
    const asked = waiting.get(message.n);
    waiting.delete(message.n);
    if (message.fault) asked?.reject(fromWire(message.fault));
    else asked?.resolve(message.value);
  });

  function ask(request: WithoutNumber<HostRequest>): Promise<string | null> {
    const n = ++lastN;
    return new Promise((resolve, reject) => {
      waiting.set(n, { resolve, reject });
      send({ ...request, n });
    });
  }

  return {
    store: {
      append: (batch) => ask({ kind: 'append', batch }),
      loadState: (name) => ask({ kind: 'state', name }),
    },
    retention: {
      // Most frames find nothing: no word is needed for no bytes.
      reserve: async (bytes) => void (bytes > 0 && (await ask({ kind: 'reserve', bytes }))),
    },
    tell: (news) => send(news),
    createLog: (level) => createLog({ level, destination: { write: (line) => send({ kind: 'log', line }) } }),
    leave: (news) =>
      new Promise((done) => {
        send(news, () => done());
      }),
  };
}
