/** The version that the sender of a change looked at. */
import { AppError } from '../../platform/app-error.ts';

/**
 * `If-Match: 7`, with or without the quotes of an entity tag.
 * @throws API_PRECONDITION where it is missing, API_VALIDATION where it is no version
 */
export function versionOf(header: string | undefined): number {
  if (header === undefined) throw new AppError('API_PRECONDITION', 'send the version that you looked at');
  const version = Number(/^(?:W\/)?"?(\d+)"?$/.exec(header.trim())?.[1] ?? Number.NaN);
  if (Number.isNaN(version))
    throw new AppError('API_VALIDATION', 'If-Match', {
      faults: [{ path: 'If-Match', message: 'expected a version number' }],
    });
  return version;
}
