/** H.264 out of RTP packets (RFC 6184): single NAL units, aggregates of one time, fragments. */
import type { AccessUnits } from './access-unit.ts';

const STAP_A = 24;
const STAP_B = 25;
const MTAP16 = 26;
const MTAP24 = 27;
const FU_A = 28;
const FU_B = 29;
const START = 0x80;
const END = 0x40;

function aggregate(units: AccessUnits, bytes: Buffer, start: number, to: number): void {
  let from = start;
  while (from + 2 <= to) {
    const end = from + 2 + bytes.readUInt16BE(from);
    if (end > to) units.damage();
    else units.nal(bytes, from + 2, end);
    from = end;
  }
}

function fragment(units: AccessUnits, bytes: Buffer, from: number, to: number, withOrder: boolean): void {
  const body = from + 2 + (withOrder ? 2 : 0);
  if (body > to) {
    units.damage();
    return;
  }
  const [indicator, flags] = [bytes[from] as number, bytes[from + 1] as number];
  if ((flags & START) !== 0) units.openPieces((indicator & 0xe0) | (flags & 0x1f), 0, bytes, body, to);
  else units.piece(bytes, body, to);
  if ((flags & END) !== 0) units.closePieces();
}

/** Some cameras put Annex B into a packet: its start codes part the NAL units. */
function annexB(units: AccessUnits, bytes: Buffer, start: number, to: number): void {
  let from = -1;
  for (let at = start; at + 2 < to; at++) {
    if (bytes[at] !== 0 || bytes[at + 1] !== 0 || bytes[at + 2] !== 1) continue;
    if (from >= 0) units.nal(bytes, from, bytes[at - 1] === 0 ? at - 1 : at);
    from = at + 3;
    at += 2;
  }
  if (from >= 0) units.nal(bytes, from, to);
}

/** Takes the payload of one packet apart. */
export function unpackH264(units: AccessUnits, bytes: Buffer, from: number, to: number): void {
  const type = (bytes[from] as number) & 0x1f;
  if (type === FU_A || type === FU_B) fragment(units, bytes, from, to, type === FU_B);
  else if (type === 0) annexB(units, bytes, from, to);
  else if (type === STAP_A) aggregate(units, bytes, from + 1, to);
  else if (type === STAP_B) aggregate(units, bytes, from + 3, to);
  else if (type === MTAP16 || type === MTAP24) units.damage();
  else units.nal(bytes, from, to);
}
