/** H.265 out of RTP packets (RFC 7798): single NAL units, aggregates, fragments, with and without decoding order numbers. */
import type { AccessUnits } from './access-unit.ts';

const AGGREGATE = 48;
const FRAGMENT = 49;
const LAST_SINGLE = 47;
const START = 0x80;
const END = 0x40;

function aggregate(units: AccessUnits, bytes: Buffer, start: number, to: number, withOrder: boolean): void {
  // The first carries its number in two bytes, the others the difference in one (4.4.2).
  let from = start + (withOrder ? 2 : 0);
  while (from + 2 <= to) {
    const end = from + 2 + bytes.readUInt16BE(from);
    if (end > to) units.damage();
    else units.nal(bytes, from + 2, end);
    from = end + (withOrder ? 1 : 0);
  }
}

function fragment(units: AccessUnits, bytes: Buffer, from: number, to: number, withOrder: boolean): void {
  const flags = bytes[from + 2] as number;
  const first = (flags & START) !== 0;
  const body = from + 3 + (withOrder && first ? 2 : 0);
  if (body > to) {
    units.damage();
    return;
  }
  if (first) {
    const header0 = ((bytes[from] as number) & 0x81) | ((flags & 0x3f) << 1);
    units.openPieces(header0, bytes[from + 1] as number, bytes, body, to);
  } else units.piece(bytes, body, to);
  if ((flags & END) !== 0) units.closePieces();
}

/** Removes the order number behind a single NAL unit's header by moving the header. */
function single(units: AccessUnits, bytes: Buffer, from: number, to: number, withOrder: boolean): void {
  if (!withOrder) units.nal(bytes, from, to);
  else if (from + 4 > to) units.damage();
  else {
    bytes.copyWithin(from + 2, from, from + 2);
    units.nal(bytes, from + 2, to);
  }
}

/** Takes the payload of one packet apart. `withOrder`: the description says that packets carry DONL and DOND. */
export function unpackHevc(units: AccessUnits, bytes: Buffer, from: number, to: number, withOrder: boolean): void {
  if (from + 3 > to) return;
  const type = ((bytes[from] as number) >> 1) & 0x3f;
  if (type <= LAST_SINGLE) single(units, bytes, from, to, withOrder);
  else if (type === AGGREGATE) aggregate(units, bytes, from + 2, to, withOrder);
  else if (type === FRAGMENT) fragment(units, bytes, from, to, withOrder);
  // 50 is PACI, which no camera is known to send.
  else units.damage();
}
