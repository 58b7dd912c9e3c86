/** Whatever FFmpeg connects to by itself: HTTP, RTMP, SRT and more. */
import { demuxMedia } from '../../media/demux.ts';
import type { Protocol } from '../protocol.ts';

/** Asked where no other protocol has the scheme. */
export const ffmpeg: Protocol = { schemes: [], recorded: false, open: () => demuxMedia };
