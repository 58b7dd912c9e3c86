/** Charts of the bulletin, each with the table that says the same beside it. */
import type { EChartsCoreOption } from 'echarts/core';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { MonthlyReport, ReportTable } from '../../../../contracts/api/report.ts';
import { kindTitle } from '../format/kind.tsx';
import { inLanguage } from '../i18n/index.ts';
import { useTheme } from '../shell/theme-choice.tsx';
import { cellText } from './cells.ts';
import {
  type ChartInput,
  type ChartWords,
  daysOption,
  districtsOption,
  heatOption,
  onlineOption,
  operatorsOption,
  precisionOption,
  ringOption,
  sitesOption,
} from './options.ts';
import { palettes } from './palette.ts';
import { BulletinTable } from './table.tsx';

const EChart = lazy(async () => ({ default: (await import('./echart.tsx')).EChart }));

type Section = {
  /** The table that says the same. */
  readonly table: string;
  readonly height: number;
  readonly option: (input: ChartInput, table: ReportTable) => EChartsCoreOption;
};

const heatRows = (table: ReportTable, skip: number) =>
  table.rows.map(({ cells }) => ({ name: cellText(cells[0], 'text'), values: cells.slice(skip).map(Number) }));
const MAX_SPOTS = 12;
const bars = (rows: number) => 70 + Math.max(3, Math.min(rows, 15)) * 26;

const sections: readonly Section[] = [
  { table: 'days', height: 260, option: (input) => daysOption(input) },
  {
    table: 'kinds',
    height: 260,
    option: (input) =>
      ringOption(
        input,
        input.figures.received.byKind.map(({ key, count }) => ({ name: input.names.kind(key ?? ''), value: count })),
      ),
  },
  { table: 'week-hours', height: 260, option: (input, table) => heatOption(input, heatRows(table, 1)) },
  {
    table: 'outcomes',
    height: 260,
    option: (input) => {
      const { service, management, enforcement } = input.figures.outcomes;
      const parts = [service, management, enforcement];
      return ringOption(
        input,
        parts.map(({ count }, i) => ({ name: input.words.outcomes[i] ?? '', value: count })),
      );
    },
  },
  {
    table: 'hot-spots',
    height: 330,
    option: (input, table) => heatOption(input, heatRows(table, 2).slice(0, MAX_SPOTS)),
  },
  { table: 'assessment', height: 330, option: districtsOption },
  { table: 'precision', height: 330, option: precisionOption },
  { table: 'cameras', height: 330, option: onlineOption },
  {
    table: 'sites',
    height: 300,
    option: (input, table) => {
      const title = (zh: string) => inLanguage(table.columns.find((column) => column.title.zh === zh)?.title, zh);
      return sitesOption(input, [title('提醒'), title('已整改')]);
    },
  },
  { table: 'operators', height: 300, option: operatorsOption },
];

/** Tables that stand beside their charts. */
export const CHARTED_TABLES: ReadonlySet<string> = new Set(sections.map(({ table }) => table));

function useWords(aria: string): ChartWords {
  const { t } = useTranslation();
  return {
    received: t('reports.received'),
    filed: t('reports.filed'),
    handled: t('reports.handled'),
    closed: t('reports.closed'),
    confirmed: t('reports.confirmed'),
    rejected: t('reports.rejected'),
    outstanding: t('reports.outstanding'),
    online: t('reports.online'),
    precision: t('reports.precision'),
    outcomes: [t('outcome.service'), t('outcome.management'), t('outcome.enforcement')],
    aria,
  };
}

/** Names as the bulletin gives them: they are frozen with it. */
function namesIn(report: MonthlyReport): ChartInput['names'] {
  const lookUp = (id: string, ids: readonly string[]) => {
    const table = report.tables.find((one) => one.id === id);
    return new Map(ids.map((key, i) => [key, cellText(table?.rows[i]?.cells[0], 'text')]));
  };
  const cameras = lookUp(
    'cameras',
    report.figures.cameras.map(({ camera }) => camera),
  );
  const sites = lookUp(
    'sites',
    report.figures.sites.map(({ site }) => site),
  );
  const districts = lookUp(
    'assessment',
    report.figures.districts.map(({ district }) => district ?? ''),
  );
  return {
    camera: (id) => cameras.get(id) ?? id,
    site: (id) => sites.get(id) ?? id,
    kind: kindTitle,
    district: (code) => districts.get(code ?? '') ?? code ?? '—',
  };
}

function ChartSection({ section, table, report }: { section: Section; table: ReportTable; report: MonthlyReport }) {
  const { t, i18n } = useTranslation();
  const { theme } = useTheme();
  const title = inLanguage(table.title);
  const words = useWords(t('reports.chartOf', { title }));
  // biome-ignore lint/correctness/useExhaustiveDependencies: words and names follow the language
  const option = useMemo(
    () => section.option({ figures: report.figures, palette: palettes[theme], words, names: namesIn(report) }, table),
    [section, report, table, theme, i18n.language],
  );
  const height = ['week-hours', 'days', 'kinds', 'outcomes'].includes(section.table)
    ? section.height
    : Math.min(section.height, bars(table.rows.length));
  return (
    <section className="chart-section" id={`chart-${section.table}`}>
      <h2>{title}</h2>
      <div className="chart-pair">
        <figure>
          <Suspense fallback={<div className="chart" style={{ height }} />}>
            <EChart option={option} label={words.aria} height={height} />
          </Suspense>
        </figure>
        <BulletinTable table={table} report={report} />
      </div>
    </section>
  );
}

/** Every chart that there is a table for. */
export function ChartSections({ report }: { readonly report: MonthlyReport }) {
  return (
    <div className="chart-sections">
      {sections.map((section) => {
        const table = report.tables.find(({ id }) => id === section.table);
        return table === undefined ? null : (
          <ChartSection key={section.table} section={section} table={table} report={report} />
        );
      })}
    </div>
  );
}
