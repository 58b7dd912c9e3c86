/** The events joined in a case. */
import { useTranslation } from 'react-i18next';
import type { CaseDetail } from '../../../../contracts/api/case.ts';
import { clockTime, fullTime } from '../format/time.ts';
import { wireWord } from '../i18n/index.ts';

/** Events of a case, each with its revision and sequence number. */
export function Sightings({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation();
  return (
    <section className="card">
      <h2>
        {t('file.sightings')} <span className="muted num">{detail.events.length}</span>
      </h2>
      {detail.events.length === 0 && <p className="muted">{t('reported.noSightings')}</p>}
      <ul className="plain-list">
        {detail.events.map((event) => (
          <li key={event.id} className="plain-row">
            <span className="num">
              {fullTime(event.startedAt)} – {event.endedAt === null ? '…' : clockTime(event.endedAt)}
            </span>
            <span>{wireWord('phase', event.phase)}</span>
            <span className="num">{Math.round(event.score * 100)} %</span>
            <span className="muted block">
              {t('file.event', { rev: event.rev, seq: event.seq })} ·{' '}
              <span className="hash">{event.id.slice(0, 8)}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
