/** The picture nearest to a moment out of a main stream's packets. */
import { setImmediate as yieldTurn } from 'node:timers/promises';
import type { MainPicture } from '../../domain/frame.ts';
import type { MediaPacket } from '../../domain/packet.ts';
import { createDecoder } from '../../media/decoder.ts';
import type { Picture } from '../../media/picture.ts';
import { keyDecoders } from '../decode/shared-decoders.ts';

/** A keyframe so near is the moment, ms. */
const NEAR_MS = 60;
/** Pictures decoded in one turn of the event loop: about 10 ms of 1080p. */
const TURN_PICTURES = 3;

/** `takenAt`: ms of the clock that only goes forward. */
type Timed = { readonly packet: MediaPacket; readonly takenAt: number };

/** Packets with the moments at which they were taken, in decoding order. */
function timed(packets: readonly MediaPacket[], keyTakenAt: ReadonlyMap<MediaPacket, number>): Timed[] {
  let key: Timed | null = null;
  return packets.map((packet) => {
    if (packet.key) key = { packet, takenAt: keyTakenAt.get(packet) ?? packet.arrivedAt };
    const since =
      key && packet.ptsUs !== null && key.packet.ptsUs !== null ? (packet.ptsUs - key.packet.ptsUs) / 1000 : null;
    return { packet, takenAt: key && since !== null ? key.takenAt + since : packet.arrivedAt };
  });
}

function nearest(all: readonly Timed[], takenAt: number): number {
  let best = 0;
  for (let i = 1; i < all.length; i++) {
    if (Math.abs((all[i] as Timed).takenAt - takenAt) < Math.abs((all[best] as Timed).takenAt - takenAt)) best = i;
  }
  return best;
}

function given(picture: Picture | null, offsetMs: number): MainPicture | null {
  if (!picture || picture.damaged) {
    picture?.release();
    return null;
  }
  return { full: picture.full, offsetMs, release: () => picture.release() };
}

function keyPicture({ packet, takenAt }: Timed, askedAt: number, aspect: number | null): MainPicture | null {
  const pictures = keyDecoders.decode(packet, aspect);
  for (const more of pictures.slice(1)) more.release();
  return given(pictures[0] ?? null, takenAt - askedAt);
}

/** Decodes from the key on to the picture with this time, a few in a turn. */
async function exactPicture(
  all: readonly Timed[],
  wanted: Timed,
  askedAt: number,
  aspect: number | null,
): Promise<MainPicture | null> {
  const decoder = createDecoder((all[0] as Timed).packet.format, aspect === null ? {} : { aspect });
  const isIt = (ptsUs: number | null, arrivedAt: number) =>
    wanted.packet.ptsUs === null ? arrivedAt === wanted.packet.arrivedAt : ptsUs === wanted.packet.ptsUs;
  try {
    for (const [i, { packet }] of all.entries()) {
      const [picture] = decoder.push(packet, isIt);
      if (picture) return given(picture, wanted.takenAt - askedAt);
      if (i % TURN_PICTURES === TURN_PICTURES - 1) await yieldTurn();
    }
    return given(decoder.drain(isIt)[0] ?? null, wanted.takenAt - askedAt);
  } finally {
    decoder.close();
  }
}

/**
 * @param packets from a keyframe on, in decoding order
 * @param keyTakenAt when the keyframes among them were taken
 * @param moment ms of the clock that only goes forward
 * @param exact false: the nearest keyframe will do
 * @param aspect width over height of the shown picture, where the configuration states it
 * @returns null where no keyframe is there, or none decodes whole
 */
export async function pictureNear(
  packets: readonly MediaPacket[],
  keyTakenAt: ReadonlyMap<MediaPacket, number>,
  moment: number,
  { exact, aspect }: { readonly exact: boolean; readonly aspect: number | null },
): Promise<MainPicture | null> {
  const all = timed(packets, keyTakenAt);
  const keys = all.filter(({ packet }) => packet.key);
  const key = keys[nearest(keys, moment)];
  if (!key) return null;
  const wanted = all[nearest(all, moment)] as Timed;
  if (!exact || wanted === key || Math.abs(key.takenAt - moment) <= NEAR_MS) return keyPicture(key, moment, aspect);
  return exactPicture(all, wanted, moment, aspect);
}
