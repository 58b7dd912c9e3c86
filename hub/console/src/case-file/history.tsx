/** What was done to a case, by whom; each entry's hash covers the one before it. */
import { useTranslation } from 'react-i18next';
import type { HistoryEntry } from '../../../../contracts/api/case.ts';
import type { Bilingual } from '../../../../contracts/text.ts';
import { useSite } from '../api/reads.ts';
import { dayTime, fullTime } from '../format/time.ts';
import { i18n, inLanguage, wireWord } from '../i18n/index.ts';

const answers = { upheld: true, dismissed: true };

/** Words of an entry's data that people ask for; the rest is in the export. */
function extras(data: unknown): string[] {
  if (typeof data !== 'object' || data === null) return [];
  const { reason, outcome, result, unit, unitName, shift, override, until, level, plate, number, ...near } =
    data as Record<string, unknown>;
  return [
    typeof reason === 'string' ? wireWord('reason', reason) : null,
    typeof outcome === 'string' ? wireWord('outcome', outcome) : null,
    typeof result === 'string' ? wireWord(result in answers ? 'answer' : 'result', result) : null,
    typeof unit === 'string' ? inLanguage(unitName as Bilingual | undefined, unit) : null,
    typeof shift === 'string' ? shift : null,
    typeof override === 'string' ? override : null,
    typeof until === 'string' ? dayTime(until) : null,
    typeof level === 'number' ? i18n.t('chip.escalation', { level }) : null,
    typeof plate === 'string' ? plate : null,
    typeof number === 'string' ? number : null,
    typeof near.source === 'string' ? wireWord('source', near.source) : null,
    typeof near.metres === 'number' ? i18n.t('reported.near', { metres: near.metres, minutes: near.minutes }) : null,
  ].filter((word) => word !== null);
}

const SITE = 'site:';
const KEY = 'key:';

/** A user's name stays as it is; the hub, a site's manager and a system with a key are named in words. */
function Actor({ actor }: { readonly actor: string }) {
  const { t } = useTranslation();
  const id = actor.startsWith(SITE) ? actor.slice(SITE.length) : null;
  const site = useSite(id);
  if (actor.startsWith(KEY)) return <span>{t('reported.keyActor', { name: actor.slice(KEY.length) })}</span>;
  if (id !== null) return <span>{t('file.siteActor', { name: inLanguage(site?.name, id) })}</span>;
  return <span>{actor === 'system' ? t('file.system') : actor}</span>;
}

function Entry({ entry }: { readonly entry: HistoryEntry }) {
  const { t } = useTranslation();
  const words = extras(entry.data);
  const moved = entry.from !== entry.to;
  const reported = entry.action === 'opened' && entry.actor.startsWith(KEY);
  return (
    <li className={moved ? 'entry entry-moved' : 'entry'}>
      <div className="entry-line">
        <strong>{reported ? t('reported.opened') : wireWord('action', entry.action)}</strong>
        {words.length > 0 && <span>{words.join(' · ')}</span>}
        {moved && <span className="muted">→ {wireWord('state', entry.to)}</span>}
      </div>
      {entry.note !== null && entry.note !== '' && <p className="entry-note">{entry.note}</p>}
      <div className="entry-line muted">
        <span className="num">{fullTime(entry.at)}</span>
        <Actor actor={entry.actor} />
        <span className="hash" title={t('file.hash', { hash: entry.hash })}>
          {entry.hash.slice(0, 8)}
        </span>
      </div>
    </li>
  );
}

/** The trail of a case, newest first, each entry with its hash. */
export function History({ entries }: { readonly entries: readonly HistoryEntry[] }) {
  const { t } = useTranslation();
  return (
    <section className="card">
      <h2>{t('file.history')}</h2>
      <ol className="history">
        {[...entries].reverse().map((entry) => (
          <Entry key={entry.hash} entry={entry} />
        ))}
      </ol>
      <p className="muted card-foot">{t('file.chain')}</p>
    </section>
  );
}
