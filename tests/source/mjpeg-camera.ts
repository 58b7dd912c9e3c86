/** A camera of the oldest kind: JPEG after JPEG in one HTTP answer. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type MjpegCamera = { readonly url: string; readonly viewers: () => number; readonly close: () => Promise<void> };

/** A multipart JPEG camera: each part as soon as it is due, with no word about time. */
export async function startMjpegCamera(pictures: readonly Buffer[], fps: number): Promise<MjpegCamera> {
  const viewers = new Set<ServerResponse>();
  const server: Server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' });
    viewers.add(response);
    response.on('close', () => viewers.delete(response));
  });
  let count = 0;
  const timer = setInterval(() => {
    const picture = pictures[count++ % pictures.length] as Buffer;
    for (const viewer of viewers) {
      viewer.write(`--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${picture.length}\r\n\r\n`);
      viewer.write(picture);
      viewer.write('\r\n');
    }
  }, 1000 / fps);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    viewers: () => viewers.size,
    async close() {
      clearInterval(timer);
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
