/** A table of the bulletin; figures lead to the cases behind them where the list's filters can say it. */
import { Link } from 'react-router';
import { caseStates } from '../../../../contracts/api/case.ts';
import type { CaseFilter, MonthlyReport, ReportTable } from '../../../../contracts/api/report.ts';
import { withQuery } from '../api/request.ts';
import { inLanguage } from '../i18n/index.ts';
import { cellText } from './cells.ts';

/** What is no incident of its own, or not yet one, is not among the received. */
const RECEIVED = caseStates.filter((state) => state !== 'merged' && state !== 'proposed').join(',');

/** The list of cases opened in the month; null where it has no filter for it. */
export function casesLink({ from, to }: Pick<MonthlyReport, 'from' | 'to'>, filter: CaseFilter = {}): string | null {
  const { site, ...known } = filter;
  return site === undefined ? withQuery('/cases', { state: RECEIVED, from, to, ...known }) : null;
}

type Props = { readonly table: ReportTable; readonly report: MonthlyReport };

function Cell({ table, report, row, i }: Props & { readonly row: ReportTable['rows'][number]; readonly i: number }) {
  const { unit, cases } = table.columns[i] ?? { unit: 'text' };
  const cell = row.cells[i];
  const text = cellText(cell, unit);
  const link = cases && typeof cell === 'number' && cell > 0 ? casesLink(report, row.filter) : null;
  return link === null ? text : <Link to={link}>{text}</Link>;
}

function Row({ table, report, row }: Props & { readonly row: ReportTable['rows'][number] }) {
  return (
    <tr>
      {table.columns.map((column, i) => {
        const key = column.title.zh;
        const content = <Cell key={key} table={table} report={report} row={row} i={i} />;
        if (i === 0)
          return (
            <th key={key} scope="row">
              {content}
            </th>
          );
        return (
          <td key={key} className={column.unit === 'text' ? '' : 'num'}>
            {content}
          </td>
        );
      })}
    </tr>
  );
}

/** Rows have no name of their own but what stands in them. */
const rowKeys = (rows: ReportTable['rows']) =>
  rows.map((row, n) => ({ row, key: `${n} ${JSON.stringify(row.cells[0])}` }));

/** Scrolls within itself, by keyboard too. */
export function BulletinTable({ table, report }: Props) {
  const title = inLanguage(table.title);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="bulletin-table-room" aria-label={title} tabIndex={0}>
      <table className="bulletin-table">
        <caption>{title}</caption>
        <thead>
          <tr>
            {table.columns.map((column) => (
              <th key={column.title.zh} scope="col" className={column.unit === 'text' ? '' : 'num'}>
                {inLanguage(column.title)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rowKeys(table.rows).map(({ row, key }) => (
            <Row key={key} table={table} report={report} row={row} />
          ))}
          {table.rows.length === 0 && (
            <tr>
              <td colSpan={table.columns.length}>—</td>
            </tr>
          )}
        </tbody>
      </table>
      {table.note !== null && <p className="bulletin-note muted">{inLanguage(table.note)}</p>}
    </section>
  );
}
