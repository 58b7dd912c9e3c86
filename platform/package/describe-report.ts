/** What `verify` says, in words. */
import type { PackageReport } from './report.ts';

const SHOWN_FAULTS = 20;

const signers = { hub: 'hub', node: 'node', form: '–' } as const;

/** A report in lines for a terminal. */
export function describeReport(report: PackageReport): string {
  const lines: string[] = [];
  for (const { check, by, ok, count, faults, notes } of report.checks) {
    lines.push(
      `${ok ? 'ok    ' : 'WRONG '} ${check.padEnd(10)} ${signers[by].padEnd(4)} ${String(count).padStart(5)} checked`,
    );
    lines.push(...faults.slice(0, SHOWN_FAULTS).map((line) => `         ${line}`));
    if (faults.length > SHOWN_FAULTS)
      lines.push(`         and ${faults.length - SHOWN_FAULTS} more (--json shows all)`);
    lines.push(...notes.map((line) => `         note: ${line}`));
  }
  if (report.verdict === 'proved') lines.push(`proved: signed by ${report.root}, the root that you trust`);
  if (report.verdict === 'unproved') {
    lines.push('consistent, author not proved: anybody can make such a package with a key of their own');
    if (report.root) lines.push(`its root is ${report.root}; give the hub’s own with --trust`);
  }
  return `${lines.join('\n')}\n`;
}

/** The first thing that is wrong, and how many more there are. */
export function firstFault({ checks }: PackageReport): string {
  const [first = 'unknown', ...more] = checks.flatMap(({ faults }) => faults);
  return `${first}${more.length > 0 ? ` (and ${more.length} more)` : ''}`;
}
