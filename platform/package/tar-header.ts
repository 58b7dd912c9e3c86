/** Header blocks of a tar archive: ustar, pax and GNU. */

export const TAR_BLOCK = 512;

export type TarHeader = { readonly name: string; readonly type: string; readonly bytes: number };

/** A block of zeros ends an archive (POSIX.1-1988 ustar). */
export const isZero = (bytes: Uint8Array) => bytes.every((byte) => byte === 0);
/** A text field up to its first NUL, as UTF-8. */
export const textOf = (field: Uint8Array) => {
  const end = field.indexOf(0);
  return Buffer.from(end < 0 ? field : field.subarray(0, end)).toString('utf8');
};

function sizeOf(field: Uint8Array): number {
  if ((field[0] ?? 0) & 0x80) {
    // Base 256, as GNU tar writes sizes beyond 8 GiB.
    const value = BigInt(`0x${Buffer.from(field).toString('hex')}`) & ((1n << 95n) - 1n);
    return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.NaN : Number(value);
  }
  const digits = /^ *([0-7]+)[ \0]*$/.exec(Buffer.from(field).toString('latin1'))?.[1];
  return digits === undefined ? Number.NaN : Number.parseInt(digits, 8);
}

/** @returns what is wrong as text */
export function readTarHeader(block: Buffer): TarHeader | string {
  const magic = block.subarray(257, 263).toString('latin1');
  if (magic !== 'ustar\0' && magic !== 'ustar ') return 'is no tar header: the archive is damaged or of another kind';
  const said = /^([0-7]{6})\0 $/.exec(block.subarray(148, 156).toString('latin1'))?.[1];
  let sum = 8 * 0x20;
  for (const [i, byte] of block.entries()) if (i < 148 || i >= 156) sum += byte;
  if (said === undefined || Number.parseInt(said, 8) !== sum) return 'has a wrong checksum: the archive is damaged';
  const bytes = sizeOf(block.subarray(124, 136));
  if (!Number.isSafeInteger(bytes)) return 'has no valid size';
  const prefix = magic === 'ustar\0' ? textOf(block.subarray(345, 500)) : '';
  const name = textOf(block.subarray(0, 100));
  const type = block[156] === 0 ? '0' : String.fromCharCode(block[156] ?? 0);
  return { name: prefix ? `${prefix}/${name}` : name, type, bytes };
}

/** `12 path=a/b\n` …; null where it is not of this form. */
export function readPax(bytes: Buffer): Map<string, string> | null {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const digits = /^(\d{1,6}) /.exec(bytes.subarray(at, at + 8).toString('latin1'))?.[1];
    const length = Number(digits ?? 0);
    const record = bytes.subarray(at, at + length);
    const equals = record.indexOf('=');
    if (digits === undefined || record.length !== length || equals < 0 || record.at(-1) !== 0x0a) return null;
    records.set(
      record.subarray(digits.length + 1, equals).toString('utf8'),
      record.subarray(equals + 1, -1).toString('utf8'),
    );
    at += length;
  }
  return records;
}
