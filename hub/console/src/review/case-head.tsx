/** The line above the stage: what, where, how long, who is at it. */
import { LockOutlined } from '@ant-design/icons';
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { CaseDetail } from '../../../../contracts/api/case.ts';
import type { ZoneConfig } from '../../../../contracts/zone.ts';
import { useCamera } from '../api/reads.ts';
import { KindMark } from '../format/kind.tsx';
import { inLanguage, wireWord } from '../i18n/index.ts';
import { useSession } from '../shell/session.tsx';
import { Due } from './waiting-list.tsx';

function ClaimMark({ claimedBy }: { readonly claimedBy: string | null }) {
  const { t } = useTranslation();
  const { user } = useSession();
  if (claimedBy === null) return null;
  return claimedBy === user.name ? (
    <span className="claim-mark claim-mine">{t('review.claimedByMe')}</span>
  ) : (
    <span className="claim-mark claimed">
      <LockOutlined /> {t('review.claimedBy', { name: claimedBy })}
    </span>
  );
}

export function CaseHead({ detail, zone }: { readonly detail: CaseDetail; readonly zone: ZoneConfig | undefined }) {
  const { t } = useTranslation();
  const row = detail.case;
  const camera = useCamera(row.camera);
  return (
    <div className="case-head">
      <div className="case-head-what">
        <h1>
          <KindMark kind={row.kind} />
        </h1>
        <span className="case-head-where">
          {inLanguage(camera?.name, row.camera)} · {inLanguage(zone?.name, row.zone)}
        </span>
      </div>
      <div className="case-head-marks">
        {row.recurrenceOf !== null && <Tag color="orange">{t('review.recurrence')}</Tag>}
        {row.sightings > 1 && <Tag>{t('review.sightings', { count: row.sightings })}</Tag>}
        <ClaimMark claimedBy={row.claimedBy} />
        <Tag className="state-tag">{wireWord('state', row.state)}</Tag>
        {row.dueAt !== null && <Due dueAt={row.dueAt} />}
        <Link to={`/cases/${encodeURIComponent(row.id)}`} className="num" title={t('review.openCase')}>
          {row.number}
        </Link>
      </div>
    </div>
  );
}
