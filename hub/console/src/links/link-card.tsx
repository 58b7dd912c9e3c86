/** One link: the other case's newest still, what it is, why it is likely the same, and what can be done about it. */
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { CaseLink, CaseLinkStep } from '../../../../contracts/api/case-link.ts';
import { useCamera } from '../api/reads.ts';
import { dayTime, fullTime } from '../format/time.ts';
import { inLanguage, wireWord } from '../i18n/index.ts';
import { Key } from '../review/shortcuts.tsx';
import { evidenceUrl } from '../stills/picture.tsx';
import { reasonWords } from './reason-words.ts';

const words = {
  'link-merge': 'link.merge',
  'link-refuse': 'link.refuse',
  'link-split': 'link.split',
  'link-restore': 'link.restore',
} as const satisfies Record<CaseLinkStep, string>;

type LinkCardProps = {
  readonly link: CaseLink;
  readonly busy: boolean;
  /** Keys of the steps, where the page has some. */
  readonly keyOf?: Partial<Record<CaseLinkStep, string>>;
  readonly onStep: (step: CaseLinkStep) => void;
  readonly children?: ReactNode;
};

function NewestStill({ link: { other } }: { readonly link: CaseLink }) {
  const { t } = useTranslation();
  if (other.thumbnail === null) return <div className="link-still link-still-none muted">{t('link.noStill')}</div>;
  return <img className="link-still" src={evidenceUrl(other.thumbnail)} alt={t('link.still')} decoding="async" />;
}

/** Shown on the review page and in the case file. */
export function LinkCard({ link, busy, keyOf = {}, onStep, children }: LinkCardProps) {
  const { t } = useTranslation();
  const { other, state, decidedBy, decidedAt } = link;
  const camera = useCamera(other.camera);
  return (
    <div className={`link-card link-${state}`}>
      <NewestStill link={link} />
      <div className="link-what">
        <div className="link-line">
          <strong className={state === 'proposed' ? 'link-state tone tone-small tone-warn' : 'link-state muted'}>
            {t(`link.${state}`)}
          </strong>
          <span>{inLanguage(camera?.name, other.camera)}</span>
          <Link
            to={`/cases/${encodeURIComponent(other.id)}`}
            className="num"
            title={t('link.open', { number: other.number })}
          >
            {other.number}
          </Link>
          <span className="muted">{wireWord('state', other.state)}</span>
          <span className="muted num">{dayTime(other.startedAt)}</span>
        </div>
        <div className="link-why">{reasonWords(link.reason).join(' · ')}</div>
        {decidedBy !== null && decidedAt !== null && (
          <div className="muted">{t('link.by', { name: decidedBy, at: fullTime(decidedAt) })}</div>
        )}
        {children}
      </div>
      <div className="link-steps">
        {link.steps.map((step) => (
          <Button
            key={step}
            disabled={busy}
            // Of a double click; the second half falls on whatever comes next.
            onClick={(event) => event.detail < 2 && onStep(step)}
          >
            {keyOf[step] !== undefined && <Key>{keyOf[step]}</Key>}
            {t(words[step])}
          </Button>
        ))}
      </div>
    </div>
  );
}
