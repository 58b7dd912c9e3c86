/** Opens, decodes and closes a clip many times over, and prints its memory in MB at a tenth of the way and at the end. */
import { createDecoder, type Decoder } from '../../edge/media/decoder.ts';
import { demuxMedia } from '../../edge/media/demux.ts';
import { orderOf } from './stage.ts';

const [clip = '', rounds = '0'] = process.argv.slice(2);
const input = { width: 64, height: 64, pixelFormat: 'rgb24', resize: 'letterbox', align: 'center', pad: 0 } as const;
const pixels = new Uint8Array(64 * 64 * 3);
const memory = () => Math.round(process.memoryUsage().rss / 2 ** 20);
const seen: number[] = [];
for (let round = 0; round < Number(rounds); round++) {
  const stop = new AbortController();
  let decoder: Decoder | null = null;
  let packets = 0;
  await demuxMedia(
    orderOf(clip),
    (packet) => {
      decoder ??= createDecoder(packet.format);
      for (const picture of decoder.push(packet)) {
        picture.modelInput(input, pixels);
        if (picture.full.i420.length === 0) throw new Error('no picture');
        picture.release();
      }
      if (++packets === 6) stop.abort();
    },
    stop.signal,
  );
  (decoder as Decoder | null)?.close();
  if (round === Number(rounds) / 10) seen.push(memory());
}
seen.push(memory());
process.stdout.write(JSON.stringify(seen));
