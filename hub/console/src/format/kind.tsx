/** A violation's title and its mark; both come from the written list, so a new kind needs nothing here. */
import { violationKinds, violations } from '../../../../contracts/violations/index.ts';
import { inLanguage } from '../i18n/index.ts';

/** Title of a violation in the current language; a kind that is not known as it came. */
export function kindTitle(kind: string): string {
  return kind in violations ? inLanguage(violations[kind as keyof typeof violations].title) : kind;
}

/** Colours go round in the list's order; `--kind-n` is defined per theme. */
const COLOURS = 6;

/** CSS colour of a violation. */
export function kindColour(kind: string): string {
  const index = violationKinds.indexOf(kind as keyof typeof violations);
  return `var(--kind-${(index < 0 ? COLOURS - 1 : index) % COLOURS})`;
}

/** Colour and title of a violation. */
export function KindMark({ kind }: { readonly kind: string }) {
  return (
    <span className="kind">
      <span className="kind-dot" style={{ background: kindColour(kind) }} aria-hidden="true" />
      <span className="kind-title">{kindTitle(kind)}</span>
    </span>
  );
}
