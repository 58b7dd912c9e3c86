/** What the source knows of a protocol: whose addresses it reads, and one run from a stream's start to its end. */
import type { Demux } from '../domain/packet.ts';

export type StreamAddress = {
  readonly url: string;
  readonly transport: 'tcp' | 'udp';
  readonly loop: boolean;
  /** Replay of a file: it begins again at its end until the stream is so long, ms. */
  readonly repeatToMs?: number;
};

/** A run only blocks and fails: that a camera is tried again, and when, is the supervisor's alone. */
export type Protocol = {
  /** Of its addresses, in lower case; a path has that of a file. */
  readonly schemes: readonly string[];
  /** Its streams end, and their times are true from the first picture on. */
  readonly recorded: boolean;
  /** The run for one camera, called for each of its connections. `replay`: as fast as it is taken, once. */
  readonly open: (address: StreamAddress, mode: 'live' | 'replay') => Demux;
};
