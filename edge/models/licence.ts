/** Which licences of weights may be used unasked: those that bind nobody's product; pure. */

/** Permissive licences by SPDX identifier; CC-BY asks for a name to be named, which `models list` does. */
const permissive = new Set([
  '0bsd',
  'apache-2.0',
  'bsd-2-clause',
  'bsd-3-clause',
  'cc-by-4.0',
  'cc0-1.0',
  'isc',
  'mit',
  'unlicense',
  'zlib',
]);

export type LicenceAnswer = {
  /** Use models under any AGPL licence too. */
  readonly acceptAgpl?: boolean;
  /** Other licences that whoever runs the program has read and accepts, by SPDX identifier. */
  readonly acceptLicences?: readonly string[];
};

/**
 * Why weights under this licence are not used, or null where they may be.
 * @param licence SPDX identifier
 * @example licenceFault('Apache-2.0') // null
 */
export function licenceFault(licence: string, answer: LicenceAnswer = {}): string | null {
  const name = licence.trim().toLowerCase();
  if (permissive.has(name)) return null;
  if (answer.acceptLicences?.some((accepted) => accepted.trim().toLowerCase() === name)) return null;
  const isAgpl = name.startsWith('agpl');
  if (isAgpl && answer.acceptAgpl) return null;
  const why = isAgpl ? 'binds the whole product' : 'is not known to be permissive';
  return `licence ${licence} ${why}; it is used only when asked for (--accept-licence ${licence.trim()})`;
}
