/** What axe finds wrong with a page (WCAG 2.2 A and AA, and its own good practice), as lines that name the rule and the place. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** @returns one line for each element that breaks a rule */
export async function axeFaults(page: Page): Promise<string[]> {
  // By the debugger, as the page's own policy lets no script in.
  await page.evaluate(source);
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, { resultTypes: ['violations'] })`);
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, any, all }) => {
      const why = [...any, ...all].map(({ message }) => message).join('; ');
      return `${id} (${help}) at ${target.join(' ')}: ${why}`;
    }),
  );
}
