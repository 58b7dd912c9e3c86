/** `/reports`: the monthly bulletin in charts and tables, its sign-off and its files. */
import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { Button, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { MONTH_PATTERN, type MonthlyReport } from '../../../../contracts/api/report.ts';
import { inLanguage } from '../i18n/index.ts';
import { FailureView, LoadingView, StaleNote } from '../states/views.tsx';
import { monthFrom, thisMonth, useReport, useReportVersions } from './reads.ts';
import { CHARTED_TABLES, ChartSections } from './sections.tsx';
import { SignOff } from './sign-off.tsx';
import { BulletinTable } from './table.tsx';
import { Tiles } from './tiles.tsx';

const MONTHS_BACK = 36;

function useChoice() {
  const [search, setSearch] = useSearchParams();
  const given = search.get('month') ?? '';
  const month = new RegExp(MONTH_PATTERN).test(given) ? given : thisMonth();
  const text = search.get('version');
  const version = text !== null && /^\d{1,3}$/.test(text) ? Number(text) : undefined;
  return {
    month,
    version,
    setMonth: (next: string) => setSearch({ month: next }, { replace: true }),
    setVersion: (next: number | undefined) =>
      setSearch(next === undefined ? { month } : { month, version: String(next) }, { replace: true }),
  };
}

function MonthPicker({ month, onChange }: { readonly month: string; readonly onChange: (month: string) => void }) {
  const { t } = useTranslation();
  const now = thisMonth();
  const known = Array.from({ length: MONTHS_BACK }, (_, i) => monthFrom(now, -i));
  const options = (known.includes(month) ? known : [month, ...known]).map((value) => ({ value, label: value }));
  return (
    <div className="month-picker">
      <Button
        aria-label={t('reports.monthBefore')}
        icon={<LeftOutlined />}
        onClick={() => onChange(monthFrom(month, -1))}
      />
      <Select aria-label={t('reports.month')} value={month} options={options} onChange={onChange} showSearch />
      <Button
        aria-label={t('reports.monthAfter')}
        icon={<RightOutlined />}
        disabled={month >= now}
        onClick={() => onChange(monthFrom(month, 1))}
      />
    </div>
  );
}

function Missing({ report }: { readonly report: MonthlyReport }) {
  const { t } = useTranslation();
  return (
    <section className="bulletin-missing">
      <h2>{t('reports.missing')}</h2>
      <dl>
        {report.missing.map(({ figure, why }) => (
          <div key={figure.en}>
            <dt>{inLanguage(figure)}</dt>
            <dd className="muted">{inLanguage(why)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Bulletin({ report }: { readonly report: MonthlyReport }) {
  const { t } = useTranslation();
  const rest = report.tables.filter(({ id }) => !CHARTED_TABLES.has(id) && id !== 'missing' && id !== 'overview');
  return (
    <>
      <Tiles report={report} />
      <ChartSections report={report} />
      <h2 className="bulletin-more">{t('reports.more')}</h2>
      <div className="bulletin-tables">
        {rest.map((table) => (
          <BulletinTable key={table.id} table={table} report={report} />
        ))}
      </div>
      <Missing report={report} />
    </>
  );
}

/** The page of one month. */
export function ReportsPage() {
  const { t } = useTranslation();
  const { month, version, setMonth, setVersion } = useChoice();
  const read = useReport(month, version);
  const versions = useReportVersions(month).data ?? [];
  const report = read.data;
  return (
    <div className="page bulletin">
      <div className="page-head">
        <h1>{t('reports.title')}</h1>
        <MonthPicker month={month} onChange={setMonth} />
      </div>
      {report === undefined ? (
        read.isError ? (
          <FailureView error={read.error} onRetry={() => void read.refetch()} />
        ) : (
          <LoadingView label={t('states.loading')} />
        )
      ) : (
        <div className={read.isPlaceholderData ? 'bulletin-old' : ''} aria-busy={read.isPlaceholderData}>
          {read.isError && (
            <StaleNote error={read.error} text={t('reports.stale')} onRetry={() => void read.refetch()} />
          )}
          <SignOff report={report} versions={versions} version={version} onVersion={setVersion} />
          <Bulletin report={report} />
        </div>
      )}
    </div>
  );
}
