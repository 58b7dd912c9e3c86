/** What citizens reported of a case; whom to call is looked up one at a time, and each look is in the audit log. */
import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { CaseDetail } from '../../../../contracts/api/case.ts';
import type { CaseReport, ReportContact } from '../../../../contracts/api/citizen-report.ts';
import { describeProblem } from '../api/problem.ts';
import { request } from '../api/request.ts';
import { positionText } from '../format/places.ts';
import { fullTime } from '../format/time.ts';
import { wireWord } from '../i18n/index.ts';
import { mayDecide, useSession } from '../shell/session.tsx';
import { Fact, FactGroup } from './group.tsx';

function Contact({ caseId, report }: { readonly caseId: string; readonly report: CaseReport }) {
  const { t } = useTranslation();
  const path = `/cases/${encodeURIComponent(caseId)}/reports/${encodeURIComponent(report.id)}/contact`;
  const look = useMutation({ mutationFn: () => request<ReportContact>(path) });
  if (look.data === undefined)
    return (
      <div className="fact">
        <dt />
        <dd>
          <Button size="small" loading={look.isPending} title={t('reported.contactHint')} onClick={() => look.mutate()}>
            {t('reported.contact')}
          </Button>
          {look.isError && (
            <span className="bad block" role="alert">
              {describeProblem(look.error)}
            </span>
          )}
        </dd>
      </div>
    );
  const { until } = look.data;
  return (
    <>
      {(['name', 'phone', 'email'] as const).map((key) =>
        look.data[key] === null ? null : (
          <Fact key={key} label={t(`reported.${key}`)}>
            {look.data[key]}
          </Fact>
        ),
      )}
      <p className="muted num">{t('reported.until', { at: fullTime(until) })}</p>
    </>
  );
}

function Report({ caseId, report }: { readonly caseId: string; readonly report: CaseReport }) {
  const { t } = useTranslation();
  const session = useSession();
  const { source, ticket, at, receivedAt, location, address, text, hasContact } = report;
  return (
    <FactGroup title={`${t('reported.title')} · ${wireWord('source', source)}`}>
      <Fact label={t('reported.text')} strong>
        {text ?? <span className="muted">{t('reported.noText')}</span>}
      </Fact>
      {address !== null && (
        <Fact label={t('reported.address')} strong>
          {address}
        </Fact>
      )}
      <Fact label={t('facts.place')}>
        {location === null ? t('reported.noPosition') : <span className="num">{positionText(location)}</span>}
      </Fact>
      <Fact label={t('reported.at')}>
        <span className="num">{fullTime(at)}</span>
      </Fact>
      <Fact label={t('reported.received')}>
        <span className="num">{fullTime(receivedAt)}</span>
      </Fact>
      {ticket !== null && (
        <Fact label={t('reported.ticket')}>
          <span className="num">{ticket}</span>
        </Fact>
      )}
      {hasContact && mayDecide(session) && <Contact caseId={caseId} report={report} />}
    </FactGroup>
  );
}

/** Every report of the case, oldest first; nothing where there is none. */
export function Reports({ detail }: { readonly detail: CaseDetail }) {
  return (detail.reports ?? []).map((report) => <Report key={report.id} caseId={detail.case.id} report={report} />);
}
