/** RTSP (RFC 2326): over TCP by our own client, over UDP and in codecs that it does not read by FFmpeg's. */
import type { Demux } from '../../domain/packet.ts';
import { demuxMedia } from '../../media/demux.ts';
import type { Protocol } from '../protocol.ts';
import { CodecElsewhere, demuxRtsp } from './client.ts';

/** Our own client where it knows the codec, which only the camera's answer tells; it is asked once. */
function demuxRtspOrElse(): Demux {
  let elsewhere = false;
  return async (order, onPacket, signal) => {
    if (!elsewhere) {
      try {
        return await demuxRtsp(order, onPacket, signal);
      } catch (error) {
        if (!(error instanceof CodecElsewhere)) throw error;
        elsewhere = true;
      }
    }
    await demuxMedia(order, onPacket, signal);
  };
}

export const rtsp: Protocol = {
  schemes: ['rtsp', 'rtsps'],
  recorded: false,
  open: ({ transport }) => (transport === 'tcp' ? demuxRtspOrElse() : demuxMedia),
};
