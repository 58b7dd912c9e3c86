/** Above the stage: the case that is likely the same as the one under review, to merge or to refuse by one key. */
import { useTranslation } from 'react-i18next';
import type { CaseLink, CaseLinkStep } from '../../../../contracts/api/case-link.ts';
import { LinkCard } from './link-card.tsx';

const keyOf = { 'link-merge': 'G', 'link-refuse': 'H' } as const;

type ReviewLinksProps = {
  /** Proposals, the first of which the keys are about. */
  readonly links: readonly CaseLink[];
  readonly busy: boolean;
  readonly onStep: (link: CaseLink, step: CaseLinkStep) => void;
};

/** Nothing where there is no proposal. */
export function ReviewLinks({ links, busy, onStep }: ReviewLinksProps) {
  const { t } = useTranslation();
  const [first, ...more] = links;
  if (!first) return null;
  return (
    <section className="review-links" aria-label={t('link.title')}>
      <LinkCard link={first} busy={busy} keyOf={keyOf} onStep={(step) => onStep(first, step)}>
        {more.length > 0 && <div className="muted">{t('link.more', { count: more.length })}</div>}
      </LinkCard>
    </section>
  );
}
