/** A protocol from outside the house, for the test beside it: a folder of JPEGs, five a second, as `frames:///PATH`. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StreamFormat } from '../../../edge/domain/packet.ts';
import type { Protocol } from '../../../edge/source/protocol.ts';
import { AppError } from '../../../platform/app-error.ts';

const STEP_US = 200_000;
const format: StreamFormat = { codec: 'mjpeg', extradata: null, width: 0, height: 0, pixelAspect: null, rotation: 0 };

export const frames: Protocol = {
  schemes: ['frames'],
  recorded: true,
  open:
    ({ url }) =>
    async (order, onPacket, signal) => {
      const folder = new URL(url).pathname;
      const names = await readdir(folder).catch((cause: unknown) => {
        throw new AppError('EDGE_SOURCE_UNREACHABLE', `camera ${order.camera}: no such folder`, { cause });
      });
      for (const [i, name] of names.sort().entries()) {
        const data = await readFile(join(folder, name));
        if (signal.aborted) return;
        await onPacket({ data, ptsUs: i * STEP_US, key: true, arrivedAt: performance.now(), format });
      }
    },
};
