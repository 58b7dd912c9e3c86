/** One case from finding to end: pictures, grounds, what can be done, what was done. */
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { CaseDetail } from '../../../../contracts/api/case.ts';
import { useCase } from '../api/reads.ts';
import { apiUrl } from '../api/request.ts';
import { ExportGate } from '../approvals/gate.tsx';
import { StateTag } from '../cases/case-table.tsx';
import { CaseChips } from '../cases/chips.tsx';
import { Facts } from '../facts/facts.tsx';
import { KindMark } from '../format/kind.tsx';
import { inLanguage } from '../i18n/index.ts';
import { SiteLadderPanel } from '../ladder/panel.tsx';
import { Toolbar } from '../review/toolbar.tsx';
import { useKeys } from '../review/use-keys.ts';
import { useZoneOf } from '../review/use-zone-of.ts';
import { Due } from '../review/waiting-list.tsx';
import { mayExport, useSession } from '../shell/session.tsx';
import { FailureView, LoadingView } from '../states/views.tsx';
import { Stage } from '../stills/stage.tsx';
import { useStage } from '../stills/use-stage.ts';
import { History } from './history.tsx';
import { Notices } from './notices.tsx';
import { AfterPhotos } from './photos.tsx';
import { Sightings } from './sightings.tsx';
import { Steps } from './steps.tsx';

function FileHead({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation();
  const session = useSession();
  const row = detail.case;
  return (
    <div className="page-head file-head">
      <div>
        <Link to="/cases" className="back">
          ← {t('file.back')}
        </Link>
        <h1>
          <KindMark kind={row.kind} /> <span className="num file-number">{row.number}</span>
        </h1>
      </div>
      <div className="case-head-marks">
        <StateTag state={row.state} />
        {row.dueAt !== null && <Due dueAt={row.dueAt} />}
        {detail.dueNote !== null && <span className="muted">{inLanguage(detail.dueNote, '')}</span>}
        <CaseChips row={row} />
        {row.recurrenceOf !== null && (
          <Link to={`/cases/${encodeURIComponent(row.recurrenceOf)}`}>{t('file.recurrence')} →</Link>
        )}
        {row.mergedInto !== null && (
          <Link to={`/cases/${encodeURIComponent(row.mergedInto)}`}>{t('file.mergedInto')} →</Link>
        )}
        {mayExport(session) && (
          <>
            <Link to={`/cases/${encodeURIComponent(row.id)}/audit`}>{t('access.looks')}</Link>
            <ExportGate asked={{ action: 'export', thing: 'case', target: row.id }}>
              <a href={apiUrl(`/cases/${encodeURIComponent(row.id)}/package`)} download title={t('file.exportHint')}>
                {t('file.export')}
              </a>
            </ExportGate>
          </>
        )}
      </div>
    </div>
  );
}

function Gallery({ detail }: { readonly detail: CaseDetail }) {
  const { zone, shapes } = useZoneOf(detail);
  const stage = useStage(detail, shapes);
  useKeys(
    {
      arrowleft: () => stage.step(-1),
      arrowright: () => stage.step(1),
      b: stage.flipBoxes,
      p: stage.flipZone,
      z: stage.zoom,
      v: stage.cycleMode,
    },
    { ' ': stage.setFlicker },
  );
  return (
    <>
      <div className="file-gallery">
        <Toolbar stage={stage} />
        <Stage stage={stage} shapes={shapes} />
      </div>
      <Facts detail={detail} zone={zone} event={stage.right?.event} />
    </>
  );
}

/** `/cases/:id`: everything about one case, and its next steps. */
export function CaseFilePage() {
  const { t } = useTranslation();
  const { id } = useParams();
  const read = useCase(id ?? null);
  const detail = read.data;
  if (detail === undefined) {
    return read.isError ? (
      <FailureView error={read.error} onRetry={() => void read.refetch()} />
    ) : (
      <LoadingView label={t('states.loading')} />
    );
  }
  return (
    <div className="page file">
      <FileHead detail={detail} />
      <div className="file-top">
        <Gallery detail={detail} />
      </div>
      <div className="file-columns">
        <div className="file-column">
          <Steps detail={detail} />
          <AfterPhotos detail={detail} />
          <Notices detail={detail} />
          <SiteLadderPanel site={detail.case.site} />
          <Sightings detail={detail} />
        </div>
        <History entries={detail.history} />
      </div>
    </div>
  );
}
