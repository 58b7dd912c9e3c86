/** A recording: read as fast as it is taken, or live at its own pace, as a camera. */
import { demuxMedia } from '../../media/demux.ts';
import type { Protocol } from '../protocol.ts';
import { demuxLiveFile } from './live-file.ts';
import { demuxRepeatedFile } from './repeated-file.ts';

export const file: Protocol = {
  schemes: ['file'],
  recorded: true,
  open: ({ loop, repeatToMs }, mode) => {
    if (mode === 'live') return demuxLiveFile(loop);
    return repeatToMs === undefined ? demuxMedia : demuxRepeatedFile(repeatToMs);
  },
};
