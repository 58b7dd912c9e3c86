/** The line above the stage: what, where, how long, who is at it. */
import { LockOutlined } from '@ant-design/icons';
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { CaseDetail, CaseSummary } from '../../../../contracts/api/case.ts';
import type { ZoneConfig } from '../../../../contracts/zone.ts';
import { useCamera } from '../api/reads.ts';
import { CaseChips } from '../cases/chips.tsx';
import { KindMark } from '../format/kind.tsx';
import { usePlaces } from '../format/places.ts';
import { clockTime, span } from '../format/time.ts';
import { useNow } from '../format/use-now.ts';
import { inLanguage, wireWord } from '../i18n/index.ts';
import { useSession } from '../shell/session.tsx';
import { Due } from './waiting-list.tsx';

/** Who holds the case, since when, and until when if they do not move. */
export function useClaimWords(row: CaseSummary): { readonly short: string; readonly long: string } | null {
  const { t } = useTranslation();
  const now = useNow();
  const { claimedBy: name, claimedAt, claimedUntil } = row;
  if (name === null) return null;
  if (claimedAt == null || claimedUntil == null) {
    const words = t('review.claimedBy', { name });
    return { short: words, long: words };
  }
  const held = { name, span: span(now - new Date(claimedAt).getTime()) };
  return {
    short: t('review.claimedSince', held),
    long: t('review.claimedUntil', { ...held, at: clockTime(claimedUntil) }),
  };
}

function ClaimMark({ row }: { readonly row: CaseSummary }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const words = useClaimWords(row);
  if (words === null) return null;
  return row.claimedBy === user.name ? (
    <span className="claim-mark claim-mine">{t('review.claimedByMe')}</span>
  ) : (
    <span className="claim-mark claimed" title={words.long}>
      <LockOutlined /> {words.short}
    </span>
  );
}

/** What, where, in which state, until when, and who is reviewing it. */
export function CaseHead({ detail, zone }: { readonly detail: CaseDetail; readonly zone: ZoneConfig | undefined }) {
  const { t } = useTranslation();
  const row = detail.case;
  const camera = useCamera(row.camera);
  const place = usePlaces()(row);
  return (
    <div className="case-head">
      <div className="case-head-what">
        <h1>
          <KindMark kind={row.kind} />
        </h1>
        <span className="case-head-where">
          {row.camera === '' ? place.name : inLanguage(camera?.name, row.camera)} ·{' '}
          {row.camera === '' ? place.within : inLanguage(zone?.name, row.zone)}
        </span>
      </div>
      <div className="case-head-marks">
        <CaseChips row={row} />
        {row.recurrenceOf !== null && <span className="tone tone-small tone-warn">{t('review.recurrence')}</span>}
        {row.sightings > 1 && <Tag>{t('review.sightings', { count: row.sightings })}</Tag>}
        <ClaimMark row={row} />
        <Tag className="state-tag">{wireWord('state', row.state)}</Tag>
        {row.dueAt !== null && <Due dueAt={row.dueAt} />}
        <Link to={`/cases/${encodeURIComponent(row.id)}`} className="num" title={t('review.openCase')}>
          {row.number}
        </Link>
      </div>
    </div>
  );
}
