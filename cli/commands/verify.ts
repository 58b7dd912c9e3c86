/** `kerbwatch verify PATH`: an exported case checked offline; exit 0 proved, 1 changed or forged, 3 author not proved. */
import type { Command } from 'commander';
import type { PackageReport } from '../../platform/package/report.ts';

const NOT_PROVED = 3;
const SHOWN_FAULTS = 20;

const WORDS = { hub: 'hub', node: 'node', form: '–' } as const;

function describe(report: PackageReport): string {
  const lines: string[] = [];
  for (const { check, by, ok, count, faults, notes } of report.checks) {
    lines.push(
      `${ok ? 'ok    ' : 'WRONG '} ${check.padEnd(10)} ${WORDS[by].padEnd(4)} ${String(count).padStart(5)} checked`,
    );
    lines.push(...faults.slice(0, SHOWN_FAULTS).map((line) => `         ${line}`));
    if (faults.length > SHOWN_FAULTS)
      lines.push(`         and ${faults.length - SHOWN_FAULTS} more (--json shows all)`);
    lines.push(...notes.map((line) => `         note: ${line}`));
  }
  if (report.verdict === 'proved') lines.push(`proved: signed by ${report.root}, the root that you trust`);
  if (report.verdict === 'unproved') {
    lines.push('consistent, author not proved: anybody can make such a package with a key of his own');
    if (report.root) lines.push(`its root is ${report.root}; give the hub’s own with --trust`);
  }
  return `${lines.join('\n')}\n`;
}

function summarise(path: string, { checks }: PackageReport): string {
  const [first = 'unknown', ...more] = checks.flatMap(({ faults }) => faults);
  return `${path}: ${first}${more.length > 0 ? ` (and ${more.length} more)` : ''}`;
}

export function registerVerify(program: Command): void {
  program
    .command('verify')
    .description('check an exported case offline: whole, unchanged, and by whom')
    .argument('<path>', 'the .tar that the console exports, its folder, or the case.json within')
    .option('--trust <file|fingerprint>', 'public root of the hub, or its SHA-256: without it no author is proved')
    .option('--json', 'print the report as JSON on stdout')
    .action(async (path: string, options: { trust?: string; json?: boolean }) => {
      const { AppError } = await import('../../platform/app-error.ts');
      const { readPackage } = await import('../../platform/package/read-package.ts');
      const { readTrust } = await import('../../platform/package/read-trust.ts');
      const { printableText } = await import('../../platform/hidden-text.ts');
      const { verifyPackage } = await import('../../platform/package/verify.ts');
      const trust = options.trust === undefined ? null : await readTrust(options.trust);
      const report = verifyPackage(await readPackage(path), trust);
      process.stdout.write(options.json ? `${JSON.stringify({ path, ...report })}\n` : printableText(describe(report)));
      if (report.verdict === 'changed') throw new AppError('VERIFY_FAILED', summarise(path, report));
      if (report.verdict === 'unproved') process.exitCode = NOT_PROVED;
    });
}
