/** One evidence file to the hub, resumable: asks how much is there, sends the rest. */
import { createReadStream } from 'node:fs';
import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/** `done`: the hub has the file. `gone`: it does not want it any more, for good. `later`: the hub does not take this file now. `away`: the hub itself is the trouble. */
export type PutResult =
  | { readonly result: 'done' }
  | { readonly result: 'gone' }
  | { readonly result: 'partial'; readonly offset: number }
  | { readonly result: 'later' | 'away'; readonly why: string };

export type HubAddress = {
  readonly base: string;
  readonly node: string;
  readonly password: string;
  readonly ca: Buffer | null;
};
export type LocalFile = {
  readonly sha256: string;
  readonly bytes: number;
  readonly mime: string;
  readonly file: string;
};

const IDLE_MS = 30_000;

type Answer = { readonly status: number; readonly offset: number | null };

function answerOf(response: IncomingMessage): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const header = response.headers['upload-offset'];
    const offset = typeof header === 'string' && /^\d+$/.test(header) ? Number(header) : null;
    response.on('error', reject);
    response.on('end', () => resolve({ status: response.statusCode ?? 0, offset }));
    response.resume();
  });
}

/**
 * `put` rejects with what the network or the file system says.
 *
 * @example await createFilePutter(hub).put(file, true) // { result: 'done' }
 */
export function createFilePutter(hub: HubAddress) {
  const secure = hub.base.startsWith('https:');
  const agent = secure
    ? new HttpsAgent({ keepAlive: true, maxSockets: 2, ...(hub.ca ? { ca: hub.ca } : {}) })
    : new HttpAgent({ keepAlive: true, maxSockets: 2 });
  const authorization = `Basic ${Buffer.from(`${hub.node}:${hub.password}`).toString('base64')}`;
  const open = new Set<ClientRequest>();

  function ask(method: 'HEAD' | 'PUT', file: LocalFile, from: number): Promise<Answer> {
    const address = new URL(`/api/v1/evidence/${file.sha256}`, hub.base);
    const headers: Record<string, string | number> = { authorization };
    if (method === 'PUT') {
      headers['content-type'] = file.mime;
      headers['content-length'] = file.bytes - from;
      headers['content-range'] = `bytes ${from}-${file.bytes - 1}/${file.bytes}`;
    }
    return new Promise((resolve, reject) => {
      const outgoing = (secure ? httpsRequest : httpRequest)(address, { method, headers, agent });
      open.add(outgoing);
      const body = method === 'PUT' ? createReadStream(file.file, { start: from }) : null;
      outgoing.setTimeout(IDLE_MS, () => outgoing.destroy(new Error('the hub does not answer')));
      outgoing.on('close', () => {
        open.delete(outgoing);
        body?.destroy();
      });
      outgoing.on('error', reject);
      // The hub may answer (404, 401) before it has read the body.
      outgoing.on('response', (response) => answerOf(response).then(resolve, reject));
      if (!body) outgoing.end();
      else {
        body.on('error', (error) => {
          outgoing.destroy();
          reject(error);
        });
        body.pipe(outgoing);
      }
    });
  }

  function resultOf(answer: Answer, bytes: number): PutResult {
    const { status, offset } = answer;
    if (status === 200 || status === 201 || status === 204) {
      return offset !== null && offset < bytes ? { result: 'partial', offset } : { result: 'done' };
    }
    if (status === 416 || status === 409) return { result: 'partial', offset: offset ?? -1 };
    if (status === 410) return { result: 'gone' };
    const why = `the hub answers ${status}`;
    // 401, 403, 429 and 5xx would meet every other file as well.
    const away = status === 401 || status === 403 || status === 408 || status === 429 || status >= 500;
    return { result: away ? 'away' : 'later', why };
  }

  async function offsetAtHub(file: LocalFile): Promise<number | PutResult> {
    const answer = await ask('HEAD', file, 0);
    if (answer.status === 200 || answer.status === 204) return answer.offset ?? 0;
    const result = resultOf(answer, file.bytes);
    return result.result === 'partial' || result.result === 'done' ? (answer.offset ?? 0) : result;
  }

  return {
    /** Sends what the hub lacks. `fresh`: nothing of it was sent before, so the question is saved. */
    async put(file: LocalFile, fresh: boolean): Promise<PutResult> {
      let from = 0;
      if (!fresh) {
        const known = await offsetAtHub(file);
        if (typeof known !== 'number') return known;
        if (known >= file.bytes) return { result: 'done' };
        from = known;
      }
      return resultOf(await ask('PUT', file, from), file.bytes);
    },
    close(): void {
      for (const outgoing of open) outgoing.destroy();
      agent.destroy();
    },
  };
}
