/** Small choices kept in this browser; a browser that refuses storage only forgets them. */

type Choice = 'language' | 'theme' | 'stage-mode' | 'boxes' | 'zone';

/** What was chosen before, or null. */
export function readChoice(choice: Choice): string | null {
  try {
    return localStorage.getItem(`kerbwatch.${choice}`);
  } catch {
    return null;
  }
}

/** Private windows and locked-down browsers throw on storage; the choice then lasts as long as the page. */
export function saveChoice(choice: Choice, value: string): void {
  try {
    localStorage.setItem(`kerbwatch.${choice}`, value);
  } catch {
    return;
  }
}
