/** In the case file: every link of the case, with what was decided about it and how to take that back. */
import { useTranslation } from 'react-i18next';
import type { CaseSummary } from '../../../../contracts/api/case.ts';
import type { CaseLink } from '../../../../contracts/api/case-link.ts';
import { useLinks } from '../api/reads.ts';
import { mayDecide, useSession } from '../shell/session.tsx';
import { LinkCard } from './link-card.tsx';
import { useLinkSteps } from './use-link-steps.ts';

/** A proposal that only the other case can carry out. */
const goesTheOtherWay = ({ state, steps }: CaseLink) =>
  state === 'proposed' && steps.includes('link-refuse') && !steps.includes('link-merge');

/** Nothing where the case has no links. */
export function LinksPanel({ row }: { readonly row: CaseSummary }) {
  const { t } = useTranslation();
  const decides = mayDecide(useSession());
  const read = useLinks(row.id);
  const { give, busy } = useLinkSteps(row);
  if (read.isError && read.data === undefined)
    return (
      <section className="card">
        <p className="bad" role="alert">
          {t('link.failed')}
        </p>
      </section>
    );
  if (read.data === undefined || read.data.length === 0) return null;
  return (
    <section className="card">
      <h2>{t('link.title')}</h2>
      {read.data.map((link) => (
        <LinkCard key={link.other.id} link={link} busy={busy} onStep={(step) => void give(link, step)}>
          {decides && goesTheOtherWay(link) && <div className="muted">{t('link.mergeThere')}</div>}
        </LinkCard>
      ))}
    </section>
  );
}
