/** NAL units, whole or in pieces, become access units in Annex B; what is damaged is dropped and never called a keyframe. */
import type { StreamFormat } from '../../domain/packet.ts';
import { createLossRecovery } from './loss-recovery.ts';
import { type ParameterSets, START_CODE } from './parameter-sets.ts';
import { createPictureBuffers } from './picture-buffers.ts';
import type { NalRole, NalSyntax } from './syntax.ts';

/** Largest access unit that is believed; a keyframe of a 4K camera has some 3 MB. */
export const MAX_UNIT_BYTES = 8 << 20;
const FIRST_BYTES = 16_384;
/** A buffer beyond this is not kept from one picture to the next. */
const KEPT_BYTES = 1 << 20;

export type Unit = {
  readonly data: Buffer;
  readonly rtpTime: number;
  readonly key: boolean;
  readonly arrivedAt: number;
  readonly format: StreamFormat;
  /** Something was lost that this picture may be built on. */
  readonly afterLoss: boolean;
};

export type AccessUnits = {
  /** Opens a packet: its RTP time, whether packets before it were lost, when it came. */
  readonly packet: (rtpTime: number, lost: boolean, arrivedAt: number) => void;
  /** A whole NAL unit. */
  readonly nal: (bytes: Buffer, from: number, to: number) => void;
  /** A NAL unit in pieces: the first byte (or two) of its header, then its pieces. */
  readonly openPieces: (header0: number, header1: number, bytes: Buffer, from: number, to: number) => void;
  readonly piece: (bytes: Buffer, from: number, to: number) => void;
  readonly closePieces: () => void;
  /** What came cannot be read: the picture it belongs to is not to be used. */
  readonly damage: () => void;
  /** Closes a packet; `marker` = it says that it is the picture's last. */
  readonly packetEnd: (marker: boolean) => void;
  /** Access units that were dropped. */
  readonly dropped: () => number;
};

/** @param emit takes each whole access unit as soon as its end is known */
export function createAccessUnits(syntax: NalSyntax, sets: ParameterSets, emit: (unit: Unit) => void): AccessUnits {
  const allocate = createPictureBuffers();
  let scratch = Buffer.allocUnsafe(FIRST_BYTES);
  let length = 0;
  let number = 1;
  let rtpTime = 0;
  let arrivedAt = 0;
  let damaged = false;
  /** Of the picture in hand: first slices and slices so far, and whether decoding can begin at it. */
  let pictures = 0;
  let slices = 0;
  let random = true;
  let reference = false;
  let withSequence = false;
  let recoveryFrames = -1;
  /** Where the NAL unit in hand begins, -1 = none is open in pieces. */
  let open = -1;
  let dropped = 0;
  const recovery = createLossRecovery();
  let field = false;
  /**
   * Some cameras mark every slice: their pictures end where the next one begins. Until a marked picture was seen to be
   * followed by another, or to have several slices and one mark, a mark is not believed.
   */
  let markers: 'unproven' | 'true' | 'false' = 'unproven';
  let marked = false;
  let markedTime = -1;

  function reserve(more: number): boolean {
    if (length + more <= scratch.length) return true;
    if (length + more > MAX_UNIT_BYTES) {
      damaged = true;
      return false;
    }
    const larger = Buffer.allocUnsafe(Math.min(MAX_UNIT_BYTES, Math.max(length + more, scratch.length * 2)));
    scratch.copy(larger, 0, 0, length);
    scratch = larger;
    return true;
  }

  function append(bytes: Buffer, from: number, to: number): void {
    if (damaged || !reserve(to - from)) return;
    bytes.copy(scratch, length, from, to);
    length += to - from;
  }

  function reset(): void {
    length = 0;
    number++;
    damaged = false;
    pictures = 0;
    slices = 0;
    random = true;
    reference = false;
    withSequence = false;
    recoveryFrames = -1;
    field = false;
    marked = false;
    open = -1;
    if (scratch.length > KEPT_BYTES) scratch = Buffer.allocUnsafe(FIRST_BYTES);
  }

  function finish(): void {
    closePieces();
    if (damaged) {
      dropped++;
      recovery.lost();
      reset();
      return;
    }
    const key = random && sets.complete();
    const afterLoss = recovery.isAfterLoss({ key, recoveryFrames, reference, rtpTime });
    let data: Buffer;
    if (key && !sets.allIn(number)) {
      const front = sets.annexB();
      data = allocate(front.length + length);
      front.copy(data, 0);
      scratch.copy(data, front.length, 0, length);
    } else {
      data = allocate(length);
      scratch.copy(data, 0, 0, length);
    }
    const unit = { data, rtpTime, key, arrivedAt, format: sets.format(), afterLoss };
    reset();
    emit(unit);
  }

  /** A slice comes that is not its picture's first, though none is in hand, or the one in hand was marked as ended. */
  function doubtMarkers(): void {
    if (slices > 0 ? marked : markedTime === rtpTime && !recovery.isOpen()) markers = 'false';
    if (slices === 0) damaged = true;
  }

  /** Before a NAL unit: whether it begins the next picture, or shows that this one's beginning is missing. */
  function before(type: number, role: NalRole, sliceByte: number | undefined): void {
    const first = role === 'slice' && sliceByte !== undefined && syntax.isFirstSlice(sliceByte);
    if (slices > 0) {
      const secondField = first && pictures === 1 && field;
      if (role === 'front' || role === 'set' || role === 'delimiter' || (first && !secondField)) {
        if (marked && markers === 'unproven') markers = 'true';
        finish();
      }
    }
    if (role !== 'slice') return;
    if (first) pictures++;
    else if (sliceByte !== undefined) doubtMarkers();
    slices++;
    // Left to the slice itself: an I picture at a recovery point that is one at once, or behind a sequence set.
    if (!syntax.isRandomAccess(type) && recoveryFrames !== 0 && !(withSequence && recoveryFrames < 0)) random = false;
  }

  /** A NAL unit lies whole in the scratch from `from`, behind its start code. */
  function after(from: number): void {
    if (damaged) return;
    const header = scratch[from] as number;
    const type = syntax.typeOf(header);
    const role = syntax.roleOf(type);
    if (role === 'delimiter' || role === 'filler') length = from - START_CODE.length;
    else if (role === 'set') {
      sets.add(scratch, from, length, number);
      if (syntax.isSequence(type)) withSequence = true;
    } else if (role === 'slice') {
      if (syntax.isReference(header)) reference = true;
      if (random && !syntax.isRandomAccess(type) && !syntax.isIntraSlice(scratch, from, length)) random = false;
      const facts = slices === 1 ? sets.facts() : null;
      if (facts) field = syntax.isField(facts, scratch, from, length);
    } else recoveryFrames = syntax.recoveryFrames(type, scratch, from, length) ?? recoveryFrames;
  }

  /** Some cameras don't flag the last piece: whatever comes behind it ends the NAL unit, and a loss is known by itself. */
  function closePieces(): void {
    if (open < 0) return;
    const start = open;
    open = -1;
    after(start);
  }

  return {
    packet(time, lost, now) {
      if (lost) {
        open = -1;
        if (slices > 0) damaged = true;
        else reset();
        recovery.lost();
      }
      if (time !== rtpTime) {
        // Parameter sets may come with a time of their own: they belong to the picture behind them.
        if (marked && markers === 'unproven') markers = 'true';
        if (slices > 0 || damaged) finish();
        rtpTime = time;
      }
      arrivedAt = now;
    },
    nal(bytes, from, to) {
      closePieces();
      if (to - from < syntax.headerBytes) return;
      const type = syntax.typeOf(bytes[from] as number);
      before(type, syntax.roleOf(type), bytes[from + syntax.headerBytes]);
      append(START_CODE, 0, START_CODE.length);
      const start = length;
      append(bytes, from, to);
      after(start);
    },
    openPieces(header0, header1, bytes, from, to) {
      closePieces();
      const type = syntax.typeOf(header0);
      before(type, syntax.roleOf(type), from < to ? bytes[from] : undefined);
      append(START_CODE, 0, START_CODE.length);
      open = length;
      if (damaged || !reserve(2)) return;
      scratch[length++] = header0;
      if (syntax.headerBytes === 2) scratch[length++] = header1;
      append(bytes, from, to);
    },
    piece(bytes, from, to) {
      // Its beginning is missing.
      if (open < 0) damaged = true;
      append(bytes, from, to);
    },
    closePieces,
    damage() {
      damaged = true;
    },
    packetEnd(marker) {
      if (!marker || markers === 'false' || (slices === 0 && !damaged)) return;
      closePieces();
      if (field && pictures === 1) return;
      if (markers === 'unproven' && slices > 1 && !marked) markers = 'true';
      marked = true;
      if (markers === 'unproven') return;
      markedTime = rtpTime;
      finish();
    },
    dropped: () => dropped,
  };
}
