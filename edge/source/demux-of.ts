/** Which reader an address needs: our own client for RTSP over TCP, FFmpeg's for everything else. */
import type { Demux } from '../domain/packet.ts';
import { demuxMedia } from '../media/demux.ts';
import { addressKind } from '../media/media-address.ts';
import { demuxFileAsCamera } from './file/as-camera.ts';
import { CodecElsewhere, demuxRtsp } from './rtsp/index.ts';

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

export function demuxOf(
  address: { readonly url: string; readonly transport: 'tcp' | 'udp'; readonly loop: boolean },
  mode: 'live' | 'replay',
): Demux {
  const kind = addressKind(address.url);
  if (kind === 'file') return mode === 'live' ? demuxFileAsCamera(address.loop) : demuxMedia;
  return kind === 'rtsp' && address.transport === 'tcp' ? demuxRtspOrElse() : demuxMedia;
}
