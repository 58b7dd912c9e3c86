/** A port that was free a moment ago. */
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port of this machine that nothing listens on; whoever is quicker may take it first. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
