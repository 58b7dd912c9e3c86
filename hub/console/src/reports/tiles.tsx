/** The headline: what a month comes to, with denominators and the change against the month before. */
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { MonthlyReport } from '../../../../contracts/api/report.ts';
import { inLanguage } from '../i18n/index.ts';
import { cellText, changeText, isRated, percentText } from './cells.ts';
import { casesLink } from './table.tsx';

/** Of these more is worse. */
const BAD_UP: ReadonlySet<number> = new Set([3, 9, 10]);
const RECEIVED = 0;

function toneOf(index: number, change: number): string {
  if (change === 0 || index === RECEIVED) return 'flat';
  return change > 0 === BAD_UP.has(index) ? 'bad' : 'good';
}

/** One tile a figure. */
export function Tiles({ report }: { readonly report: MonthlyReport }) {
  const { t } = useTranslation();
  const overview = report.tables.find(({ id }) => id === 'overview');
  const link = casesLink(report);
  return (
    <>
      <dl className="tiles" aria-label={t('reports.headline')}>
        {overview?.rows.map(({ cells: [name = null, now = null, , change = null] }, i) => {
          const value = isRated(now) ? (now.value === null ? '—' : percentText(now.value)) : cellText(now, 'count');
          return (
            <div className="tile" key={cellText(name, 'text')}>
              <dt>{cellText(name, 'text')}</dt>
              <dd className="num">
                {i === RECEIVED && link !== null ? <Link to={link}>{value}</Link> : value}
                <span className="tile-under">
                  {isRated(now) && <span className="muted">{`${now.count}/${now.of}`}</span>}
                  {typeof change === 'number' && (
                    <span className={`change change-${toneOf(i, change)}`}>
                      {t('reports.change')} {changeText(change)}
                    </span>
                  )}
                </span>
              </dd>
            </div>
          );
        })}
      </dl>
      {overview?.note && <p className="bulletin-note muted">{inLanguage(overview.note)}</p>}
    </>
  );
}
