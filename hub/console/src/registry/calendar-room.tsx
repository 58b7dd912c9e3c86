/** The working calendar: holidays and make-up days by year, and the day to which they are known. */
import { useTranslation } from 'react-i18next';
import { useCalendar } from '../api/reads.ts';
import { LoadingView } from '../states/views.tsx';

function Days({ title, days }: { readonly title: string; readonly days: readonly string[] }) {
  const { t } = useTranslation();
  const years = [...new Set(days.map((day) => day.slice(0, 4)))].sort();
  return (
    <section className="card">
      <h2>{title}</h2>
      {years.length === 0 && <p className="muted">{t('registry.empty')}</p>}
      {years.map((year) => (
        <div key={year} className="calendar-year">
          <h3 className="num">{year}</h3>
          <ul className="calendar-days">
            {days
              .filter((day) => day.startsWith(year))
              .sort()
              .map((day) => (
                <li key={day} className="num">
                  {day.slice(5)}
                </li>
              ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

/** Days come from the hub's configuration and are not changed here. */
export function CalendarRoom() {
  const { t } = useTranslation();
  const calendar = useCalendar();
  if (!calendar) return <LoadingView label={t('states.loading')} />;
  const { knownUntil, daysLeft, endsSoon } = calendar;
  return (
    <>
      <p className={endsSoon ? 'calendar-note' : 'muted'} role="status">
        {knownUntil === null
          ? t('registry.calendar.unknown')
          : t('registry.calendar.known', { date: knownUntil, count: daysLeft ?? 0 })}
      </p>
      <p className="muted">{t('registry.calendar.lead')}</p>
      <Days title={t('registry.calendar.holidays')} days={calendar.holidays} />
      <Days title={t('registry.calendar.makeUp')} days={calendar.makeUpDays} />
    </>
  );
}
