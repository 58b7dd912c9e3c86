/** `kerbwatch verify PATH`: an exported case checked offline; exit 0 proved, 1 changed or forged, 3 author not proved. */
import type { Command } from 'commander';
import { print } from '../support/print.ts';

const NOT_PROVED = 3;

type VerifyArguments = { readonly trust?: string; readonly json?: boolean };

async function verify(path: string, { trust, json }: VerifyArguments): Promise<void> {
  const [{ AppError }, { printableText }, { describeReport, firstFault }, { verifyPath }] = await Promise.all([
    import('../../platform/app-error.ts'),
    import('../../platform/hidden-text.ts'),
    import('../../platform/package/describe-report.ts'),
    import('../../platform/package/verify-path.ts'),
  ]);
  const report = await verifyPath(path, trust);
  print(json, { path, ...report }, printableText(describeReport(report)));
  if (report.verdict === 'changed') throw new AppError('VERIFY_FAILED', `${path}: ${firstFault(report)}`);
  if (report.verdict === 'unproved') process.exitCode = NOT_PROVED;
}

/** Adds the command to the program. */
export function registerVerify(program: Command): void {
  program
    .command('verify')
    .description('check an exported case offline: whole, unchanged, and by whom')
    .argument('<path>', 'the .tar that the console exports, its folder, or the case.json within')
    .option('--trust <file|fingerprint>', 'public root of the hub, or its SHA-256: without it no author is proved')
    .option('--json', 'print the report as JSON on stdout')
    .action(verify);
}
