/** Lines of the audit log as a table. */
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../../../contracts/api/audit.ts';
import { fullTime } from '../format/time.ts';

const asText = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** The number of an import, the fields of a change, or what else the entry says. */
function Details({ entry }: { readonly entry: AuditEntry }) {
  const { t } = useTranslation();
  const { changes = [], ...rest } = entry.data as AuditEntry['data'] & Record<string, unknown>;
  const isNew = entry.action === 'create';
  // What a new thing is made of is one line; what changed is a line a field.
  const made = isNew ? changes.map(({ field, to }) => (to === undefined ? field : `${field}: ${to}`)) : [];
  const others = [...made, ...Object.entries(rest).map(([key, value]) => `${key}: ${asText(value)}`)];
  return (
    <>
      {(isNew ? [] : changes).map(({ field, from, to, hidden }) => (
        <span key={field} className="block">
          <strong>{field}</strong> {hidden ? t('registry.audit.hidden') : `${from ?? '—'} → ${to ?? '—'}`}
        </span>
      ))}
      {others.length > 0 && <span className="block">{others.join(' · ')}</span>}
    </>
  );
}

/** The latest first. */
export function AuditEntries({ entries }: { readonly entries: readonly AuditEntry[] }) {
  const { t } = useTranslation();
  const words = ['n', 'at', 'actor', 'address', 'action', 'thing', 'details'] as const;
  return (
    <div className="register-room">
      <table className="register-table">
        <thead>
          <tr>
            {words.map((word) => (
              <th key={word} scope="col">
                {t(`registry.audit.${word}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.n}>
              <th scope="row" className="num">
                {entry.n}
              </th>
              <td className="num">{fullTime(entry.at)}</td>
              <td>{entry.actor}</td>
              <td className="num">{entry.address ?? '—'}</td>
              <td>{t(`registry.action.${entry.action}`)}</td>
              <td title={entry.id}>
                {t(`registry.thing.${entry.thing}`)} {entry.id}
              </td>
              <td className="wrap">
                <Details entry={entry} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
