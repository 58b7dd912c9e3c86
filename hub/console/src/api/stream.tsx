/** The live stream of the hub: says what changed, the queries fetch it; says when it is down. */
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import type { CaseDetail, CasePage } from '../../../../contracts/api/case.ts';
import type { StreamMessage } from '../../../../contracts/api/stream.ts';
import { keys } from './keys.ts';
import { apiUrl } from './request.ts';

export type StreamState = 'connecting' | 'open' | 'down';
const StreamContext = createContext<StreamState>('connecting');

/** Whether the event stream of the hub is open. */
export function useStreamState(): StreamState {
  return useContext(StreamContext);
}

/** A list shows a change at once where it holds the case, and is asked for again as its filters may say otherwise now. */
function applyMessage(client: QueryClient, message: StreamMessage): void {
  if (message.type === 'node') {
    void client.invalidateQueries({ queryKey: keys.nodes });
    // Its answer may be a map.
    void client.invalidateQueries({ queryKey: ['memory'] });
    return;
  }
  if (message.type === 'notice') {
    void client.invalidateQueries({ queryKey: keys.notices(message.case) });
    void client.invalidateQueries({ queryKey: keys.case(message.case) });
    void client.invalidateQueries({ queryKey: keys.deadLetters });
    void client.invalidateQueries({ queryKey: keys.order(message.notice) });
    return;
  }
  if (message.type === 'left') {
    // Asked for again, it is not there any more.
    void client.invalidateQueries({ queryKey: keys.cases });
    void client.invalidateQueries({ queryKey: keys.case(message.case) });
    return;
  }
  const fresh = message.case;
  client.setQueriesData<CasePage>({ queryKey: keys.cases }, (page) =>
    page === undefined
      ? page
      : {
          ...page,
          cases: page.cases.map((row) => (row.id === fresh.id && row.version <= fresh.version ? fresh : row)),
        },
  );
  void client.invalidateQueries({ queryKey: keys.cases });
  // What becomes of one case of a link shows at the other.
  void client.invalidateQueries({ queryKey: ['links'] });
  const known = client.getQueryData<CaseDetail>(keys.case(fresh.id));
  if (known !== undefined && known.case.version !== fresh.version) {
    void client.invalidateQueries({ queryKey: keys.case(fresh.id) });
  }
}

/** Silence that long after an error is called "down"; a reconnect within it is not worth a banner. */
const GRACE_MS = 1_500;
const RETRY_MS = 3_000;

function openStream(client: QueryClient, onState: (state: StreamState) => void): () => void {
  let source: EventSource | null = null;
  let timer = 0;
  let missed = false;
  const receive = (event: MessageEvent<string>) => applyMessage(client, JSON.parse(event.data) as StreamMessage);
  const connect = () => {
    source = new EventSource(apiUrl('/stream'));
    for (const name of ['message', 'case', 'node', 'notice']) source.addEventListener(name, receive);
    source.onopen = () => {
      window.clearTimeout(timer);
      onState('open');
      // What happened while nobody listened is asked for.
      if (missed) void client.invalidateQueries();
      missed = false;
    };
    source.onerror = () => {
      missed = true;
      window.clearTimeout(timer);
      timer = window.setTimeout(() => onState('down'), GRACE_MS);
      // The browser gives up after an HTTP error; then we try again ourselves.
      if (source?.readyState === EventSource.CLOSED) window.setTimeout(connect, RETRY_MS);
    };
  };
  connect();
  return () => {
    window.clearTimeout(timer);
    if (source !== null) {
      source.onerror = null;
      source.close();
    }
  };
}

/** Keeps the event stream open and lists up to date with it. */
export function StreamProvider({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient();
  const [state, setState] = useState<StreamState>('connecting');
  useEffect(() => openStream(client, setState), [client]);
  return <StreamContext value={state}>{children}</StreamContext>;
}
