/** Servers of one test file, gone after each test; refusals as a camera's log says them. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, expect } from 'vitest';
import type { DemuxOrder } from '../../edge/domain/packet.ts';
import { AppError } from '../../platform/app-error.ts';
import { packetsOf } from './stage.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Gives the port. */
export async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => {})));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

export const serve = (answer: RequestListener) => listen(createServer(answer));

/** A port at which nobody listens any more. */
export async function deadPort(): Promise<number> {
  const port = await serve((_request, response) => response.end());
  closing.pop()?.();
  return port;
}

/** What is said of an address that cannot be read: its code and one plain line. */
export async function refusal(url: string, rest: Partial<DemuxOrder> = {}): Promise<{ code: string; message: string }> {
  const error = await packetsOf(url, rest).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error(`no refusal: ${error}`);
  expect(error.message).not.toMatch(/\n|0x|Parsed_|filter/);
  expect(error.message.length).toBeLessThan(200);
  return { code: error.code, message: error.message };
}

/** JPEGs one after another, as cheap cameras send them. */
export function multipart(jpegs: readonly Buffer[], onSent: (at: number) => void, everyMs: number): RequestListener {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' });
    let at = 0;
    const timer = setInterval(() => {
      const jpeg = jpegs[at];
      if (!jpeg) {
        clearInterval(timer);
        response.end();
        return;
      }
      response.write(`--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`);
      response.write(Buffer.concat([jpeg, Buffer.from('\r\n')]));
      onSent(at++);
    }, everyMs);
    response.on('close', () => clearInterval(timer));
  };
}
