/** `kerbwatch verify PATH`: an exported case checked offline: hashes, signatures, chain, audit trail. */
import type { Command } from 'commander';

export function registerVerify(program: Command): void {
  program
    .command('verify')
    .description('check an exported case offline: hashes, signatures and chains')
    .argument('<path>', 'folder of the package, or its case.json')
    .option('--json', 'print the report as JSON on stdout')
    .action(async (path: string, options: { json?: boolean }) => {
      const { AppError } = await import('../../platform/app-error.ts');
      const { readPackage } = await import('../read-package.ts');
      const { verifyPackage } = await import('../../platform/package-verify.ts');
      const { document, files } = readPackage(path);
      const report = verifyPackage(document, files);
      if (options.json) process.stdout.write(`${JSON.stringify({ path, ...report })}\n`);
      else {
        for (const { check, ok, count, faults, notes } of report.checks) {
          process.stdout.write(
            `${ok ? 'ok    ' : 'WRONG '} ${check.padEnd(10)} ${String(count).padStart(5)} checked\n`,
          );
          for (const line of faults) process.stdout.write(`         ${line}\n`);
          for (const line of notes) process.stdout.write(`         note: ${line}\n`);
        }
      }
      if (report.ok) return;
      const wrong = report.checks.filter((check) => !check.ok);
      const first = wrong[0]?.faults[0] ?? 'unknown';
      const more = wrong.reduce((sum, check) => sum + check.faults.length, 0) - 1;
      throw new AppError('VERIFY_FAILED', `${path}: ${first}${more > 0 ? ` (and ${more} more)` : ''}`);
    });
}
