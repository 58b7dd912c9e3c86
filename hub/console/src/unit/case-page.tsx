/** One case as the people who handle it need it on a phone: where, what, until when, and what to do. */
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { CaseDetail } from '../../../../contracts/api/case.ts';
import { useCase } from '../api/reads.ts';
import { History } from '../case-file/history.tsx';
import { StateTag } from '../cases/case-table.tsx';
import { CaseChips } from '../cases/chips.tsx';
import { KindMark } from '../format/kind.tsx';
import { usePlaces } from '../format/places.ts';
import { fullTime } from '../format/time.ts';
import { inLanguage, wireWord } from '../i18n/index.ts';
import { Due } from '../review/waiting-list.tsx';
import { FailureView, LoadingView } from '../states/views.tsx';
import { evidenceUrl } from '../stills/picture.tsx';
import { absenceOf, type Still, stillsOf } from '../stills/still.ts';
import { UnitSteps } from './steps.tsx';
import { UploadSection } from './upload.tsx';

function Head({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation();
  const row = detail.case;
  const place = usePlaces()(row);
  return (
    <section className="card unit-section">
      <h1>
        <KindMark kind={row.kind} />
      </h1>
      <span className="chips">
        <StateTag state={row.state} />
        {row.dueAt !== null && <Due dueAt={row.dueAt} />}
        <CaseChips row={row} />
      </span>
      <dl className="unit-facts">
        <dt>{t('unit.place')}</dt>
        <dd>
          {place.name}
          {row.location !== null && (
            <a className="unit-map" href={`geo:${row.location.lat},${row.location.lon}`}>
              {t('unit.map')}
            </a>
          )}
        </dd>
        <dt>{t('unit.found')}</dt>
        <dd className="num">{fullTime(row.startedAt)}</dd>
        <dt>{t('unit.limit')}</dt>
        <dd className="num">
          {row.dueAt === null ? t('unit.noLimit') : fullTime(row.dueAt)}
          {detail.dueNote !== null && <span className="muted block">{inLanguage(detail.dueNote)}</span>}
        </dd>
        <dt>{t('unit.number')}</dt>
        <dd className="num">{row.number}</dd>
      </dl>
    </section>
  );
}

/** The one that shows it best first: on a phone the others are a swipe away. */
const shownFirst = (sha256: string | null, stills: readonly Still[]) => [
  ...stills.filter((still) => still.sha256 === sha256),
  ...stills.filter((still) => still.sha256 !== sha256),
];

function Pictures({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation();
  const here = stillsOf(detail).filter((still) => still.mime === 'image/jpeg' && absenceOf(still) === null);
  const stills = shownFirst(detail.case.thumbnail, here);
  if (stills.length === 0) return null;
  return (
    <section className="card unit-section">
      <h2>{t('unit.pictures')}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls sideways must be reachable by keys */}
      <ul className="unit-stills" tabIndex={0} aria-label={t('unit.pictures')}>
        {stills.map((still) => (
          <li key={`${still.sha256} ${still.role}`}>
            <a href={evidenceUrl(still.sha256)} target="_blank" rel="noreferrer">
              <img
                src={evidenceUrl(still.sha256)}
                alt={t('stage.still', { role: wireWord('role_still', still.role), at: fullTime(still.at) })}
                loading="lazy"
              />
            </a>
            <span className="muted num">
              {wireWord('role_still', still.role)} · {fullTime(still.at)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** `/unit/:id` */
export function UnitCasePage() {
  const { t } = useTranslation();
  const { id } = useParams();
  const read = useCase(id ?? null);
  const detail = read.data;
  if (detail === undefined)
    return read.isError ? (
      <FailureView error={read.error} onRetry={() => void read.refetch()} />
    ) : (
      <LoadingView label={t('states.loading')} />
    );
  return (
    <div className="unit-page">
      <Link to="/unit" className="back">
        ← {t('unit.back')}
      </Link>
      <Head detail={detail} />
      <Pictures detail={detail} />
      <UploadSection detail={detail} />
      <UnitSteps detail={detail} />
      <History entries={detail.history} />
    </div>
  );
}
