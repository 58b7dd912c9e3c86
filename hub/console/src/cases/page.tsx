/** All cases: filters, table, pages. */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { CasePage } from '../../../../contracts/api/case.ts';
import { useCasePage } from '../api/reads.ts';
import { FailureView, StaleNote } from '../states/views.tsx';
import { CaseTable } from './case-table.tsx';
import { FilterBar } from './filter-bar.tsx';
import { type Filters, useFilters } from './use-filters.ts';

function totalOf(page: CasePage | undefined, state: string): number | undefined {
  if (page === undefined) return undefined;
  const wanted = state === '' ? null : new Set(state.split(','));
  return Object.entries(page.counts).reduce(
    (sum, [name, count]) => (wanted === null || wanted.has(name) ? sum + count : sum),
    0,
  );
}

function Pager({ filters, next }: { readonly filters: Filters; readonly next: string | null }) {
  const { t } = useTranslation();
  if (filters.trail.length === 0 && next === null) return null;
  return (
    <nav className="pager" aria-label={t('cases.paging')}>
      <Button disabled={filters.trail.length === 0} onClick={filters.back}>
        {t('cases.previous')}
      </Button>
      <span className="num">{filters.trail.length + 1}</span>
      <Button disabled={next === null} onClick={() => next !== null && filters.forward(next)}>
        {t('cases.next')}
      </Button>
    </nav>
  );
}

/** `/cases`: the filtered list, page by page. */
export function CasesPage() {
  const { t } = useTranslation();
  const filters = useFilters();
  const page = useCasePage(filters.query);
  const total = page.isPlaceholderData ? undefined : totalOf(page.data, filters.filterOf('state'));
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('cases.title')}</h1>
        {total !== undefined && (
          <span className="muted" role="status">
            {t(page.data?.countsExact === false ? 'cases.atLeast' : 'cases.total', { count: total })}
          </span>
        )}
      </div>
      <FilterBar filters={filters} />
      {page.isError && page.data === undefined ? (
        <FailureView error={page.error} onRetry={() => void page.refetch()} />
      ) : (
        <>
          {page.isError && <StaleNote error={page.error} text={t('cases.stale')} onRetry={() => void page.refetch()} />}
          {/* What other filters found is not what these find. */}
          <CaseTable rows={page.data?.cases ?? []} loading={page.isPending || page.isPlaceholderData} />
        </>
      )}
      <Pager filters={filters} next={page.data?.next ?? null} />
    </div>
  );
}
