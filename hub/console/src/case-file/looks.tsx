/** `/cases/:id/audit`: who looked at a case, its pictures and its notices, for supervisors. */
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { AuditPage } from '../../../../contracts/api/audit.ts';
import { keys } from '../api/keys.ts';
import { useCase } from '../api/reads.ts';
import { request, withQuery } from '../api/request.ts';
import { AuditEntries } from '../registry/audit-entries.tsx';
import { EmptyView, FailureView, LoadingView } from '../states/views.tsx';

/** Pages go back in time. */
export function CaseLooksPage() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const number = useCase(id).data?.case.number ?? '';
  const [before, setBefore] = useState<readonly number[]>([]);
  const query = { before: before.at(-1) };
  const path = `/cases/${encodeURIComponent(id)}`;
  const read = useQuery({
    queryKey: keys.caseAudit(id, query.before),
    queryFn: () => request<AuditPage>(withQuery(`${path}/audit`, query)),
    placeholderData: (last) => last,
  });
  const next = read.data?.next ?? null;
  return (
    <div className="page">
      <Link to={path} className="back">
        ← {t('access.backToCase')}
      </Link>
      <h1>{t('access.looksOf', { number })}</h1>
      <p className="muted">{t('access.looksLead')}</p>
      {read.isPending && <LoadingView label={t('states.loading')} />}
      {read.isError && <FailureView error={read.error} onRetry={() => void read.refetch()} />}
      {read.data?.entries.length === 0 && <EmptyView title={t('registry.empty')} />}
      {read.data !== undefined && read.data.entries.length > 0 && <AuditEntries entries={read.data.entries} />}
      <nav className="pager" aria-label={t('registry.pages')}>
        <Button disabled={before.length === 0} onClick={() => setBefore(before.slice(0, -1))}>
          {t('registry.audit.newer')}
        </Button>
        <Button disabled={next === null} onClick={() => next !== null && setBefore([...before, next])}>
          {t('registry.audit.older')}
        </Button>
      </nav>
    </div>
  );
}
