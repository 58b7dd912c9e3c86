/** An exported case as it lies on disk, read and checked. */
import { readPackage } from './read-package.ts';
import { readTrust } from './read-trust.ts';
import type { PackageReport } from './report.ts';
import { verifyPackage } from './verify.ts';

/**
 * @param path the `.tar`, its folder, or the `case.json` within
 * @param trust public root of the hub as a file, or its fingerprint; without it no author is proved
 * @throws VERIFY_INPUT, VERIFY_TRUST
 */
export async function verifyPath(path: string, trust: string | undefined): Promise<PackageReport> {
  const root = trust === undefined ? null : await readTrust(trust);
  return verifyPackage(await readPackage(path), root);
}
