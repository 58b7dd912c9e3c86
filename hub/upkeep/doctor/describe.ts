/** An examination in words for a terminal. */
import { printableText } from '../../../platform/hidden-text.ts';
import type { Examination } from './examine-hub.ts';

/** Each finding with where it is; how to mend it once for each code. */
export function describeExamination({ findings, counts, examined }: Examination): string {
  const { messages, cases, audit, reports, files } = examined;
  const looked = `${messages} messages, ${cases} cases, ${audit} audit entries, ${reports} bulletins, ${files} files`;
  if (findings.length === 0) return `sound: ${looked}\n`;
  const lines: string[] = [];
  for (const [code, count] of Object.entries(counts)) {
    const told = findings.filter((finding) => finding.code === code);
    for (const { what, where } of told) lines.push(`${code} ${where}: ${what}`);
    if (count > told.length) lines.push(`${code} and ${count - told.length} more`);
    lines.push(`  → ${told[0]?.mend ?? ''}`);
  }
  return printableText(`${lines.join('\n')}\nexamined: ${looked}\n`);
}
