/**
 * Checks an exported case offline. What the hub's signature proves (the package is whole, as it left the hub) and what
 * the nodes' signatures prove (who saw what) are separate checks; both count for as much as the root that is trusted.
 */
import { CaseManifest, CasePackage, PACKAGE_DOCUMENT, PACKAGE_MANIFEST } from '../../contracts/package.ts';
import { CasePackageV1 } from '../../contracts/package-v1.ts';
import { faultsOf, isValid } from '../validate.ts';
import { checkEvidence, checkKeys, checkSignatures } from './authors.ts';
import { checkChain } from './chains.ts';
import { checkCase, checkFiles, checkHistory, checkManifest, checkMessages, checkTrust } from './manifest.ts';
import { type PackageCheck, type PackageContents, type PackageReport, reportOf, result } from './report.ts';
import { checkVersion1 } from './v1.ts';

/** Values without a canonical form (a lone surrogate), or nested beyond what the machine's stack holds. */
const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

type Parsed = { readonly value: unknown; readonly faults: readonly string[] };

function parse(name: string, bytes: Uint8Array | null): Parsed {
  if (bytes === null) return { value: undefined, faults: [`${name} is missing`] };
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown, faults: [] };
  } catch {
    return { value: undefined, faults: [`${name} is not JSON in UTF-8`] };
  }
}

/** Faults of a parsed file against its schema, each with the file's name and the path within. */
function schemaFaults(
  name: string,
  schema: typeof CasePackage | typeof CaseManifest | typeof CasePackageV1,
  parsed: Parsed,
) {
  if (parsed.faults.length > 0) return parsed.faults;
  return faultsOf(schema, parsed.value, 10).map(({ path, message }) => `${name}: ${path || '(root)'}: ${message}`);
}

function checkVersion2(contents: PackageContents, document: Parsed, trust: string | null): PackageReport {
  const manifest = parse(PACKAGE_MANIFEST, contents.manifest);
  const faults = [
    ...contents.faults,
    ...schemaFaults(PACKAGE_MANIFEST, CaseManifest, manifest),
    ...schemaFaults(PACKAGE_DOCUMENT, CasePackage, document),
  ];
  const checks = [result('format', 'form', 2, faults)];
  if (!isValid(CaseManifest, manifest.value)) return reportOf(checks, { fingerprint: null, trusted: false });
  const signed = manifest.value;
  const root = { fingerprint: signed.root.fingerprint, trusted: trust !== null };
  const bytes = contents.manifest ?? new Uint8Array();
  checks.push(checkManifest(signed, bytes), checkTrust(signed, trust), checkFiles(signed, contents));
  if (!isValid(CasePackage, document.value)) return reportOf(checks, root);
  return reportOf([...checks, ...checkDocument(signed, document.value)], root);
}

function checkDocument(signed: CaseManifest, pack: CasePackage): PackageCheck[] {
  try {
    const { check, certified } = checkKeys(signed, pack);
    return [
      checkCase(signed, pack),
      checkMessages(signed, pack),
      checkHistory(signed, pack),
      check,
      checkSignatures(pack, certified),
      checkChain(pack, signed.forks),
      checkEvidence(signed, pack),
    ];
  } catch (error) {
    return [result('case', 'hub', 1, [`${PACKAGE_DOCUMENT} cannot be checked: ${reasonOf(error)}`])];
  }
}

function checkAny(contents: PackageContents, trust: string | null): PackageReport {
  const document = parse(PACKAGE_DOCUMENT, contents.document);
  const isFirst = (document.value as { v?: unknown } | null | undefined)?.v === 1;
  if (contents.manifest !== null || !isFirst) return checkVersion2(contents, document, trust);
  const root = { fingerprint: null, trusted: false };
  if (isValid(CasePackageV1, document.value)) return reportOf(checkVersion1(document.value, contents), root);
  const faults = [...contents.faults, ...schemaFaults(PACKAGE_DOCUMENT, CasePackageV1, document)];
  return reportOf([result('format', 'form', 1, faults)], root);
}

/**
 * Never throws for what a package says; everything wrong is in the report.
 * @param trust fingerprint of the root that the reader trusts, or null where none is given
 */
export function verifyPackage(contents: PackageContents, trust: string | null): PackageReport {
  try {
    return checkAny(contents, trust);
  } catch (error) {
    return reportOf([result('format', 'form', 1, [`cannot be checked: ${reasonOf(error)}`])], {
      fingerprint: null,
      trusted: false,
    });
  }
}
