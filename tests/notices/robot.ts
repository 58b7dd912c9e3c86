/** A real HTTP server in the place of a chat product's robots. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

type Posted = {
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
};

export type RobotServer = Awaited<ReturnType<typeof openRobot>>;

/** It takes every message, until a test says what it answers next. */
export async function openRobot() {
  const posted: Posted[] = [];
  let next: { readonly status: number; readonly body: string; readonly headers: Record<string, string> } | null = null;
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const url = new URL(request.url ?? '/', 'http://robot');
    posted.push({ url, headers: request.headers, body: text === '' ? {} : (JSON.parse(text) as Posted['body']) });
    const { status, body, headers } = next ?? {
      ...{ status: 200, headers: {} },
      body: '{"errcode":0,"errmsg":"ok","code":0,"msg":"success"}',
    };
    next = null;
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/robot/send?key=secret-key-of-the-group`,
    posted,
    answers(body: unknown, status = 200, headers: Record<string, string> = {}) {
      next = { status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
    },
    close() {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
