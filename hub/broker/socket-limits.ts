/** What one connection may take of the broker: the length of a packet, and what waits until it is read. */
import type { Socket } from 'node:net';
import { createPacketMeter } from './packet-meter.ts';

/** Ends the connection as soon as a packet announces more than the limit; the bytes are never gathered. */
export function limitPackets(socket: Socket, limit: () => number, onTooLong: (bytes: number) => void): void {
  const meter = createPacketMeter(limit);
  const read = socket.read.bind(socket);
  // The broker takes its bytes with read(); inspecting them there needs no copy and no second stream.
  socket.read = (size?: number) => {
    const chunk = read(size) as Buffer | null;
    const tooLong = chunk ? meter.inspect(chunk) : null;
    if (tooLong === null) return chunk;
    onTooLong(tooLong);
    socket.destroy();
    return null;
  };
}

/**
 * Aedes waits for a client that does not read, and all others wait with it: so it never learns of it. What gathers
 * meanwhile is bounded.
 */
export function limitUnread(socket: Socket, maxBytes: number, onUnread: () => void): void {
  const write = socket.write.bind(socket) as (...given: unknown[]) => boolean;
  socket.write = (...given: unknown[]) => {
    write(...given);
    if (socket.writableLength > maxBytes) {
      onUnread();
      socket.destroy();
    }
    return true;
  };
}
