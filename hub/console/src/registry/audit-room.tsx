/** The audit log: who changed, viewed, exported or deleted what, when and from where; and whether its chain holds. */
import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type AuditCheck,
  type AuditEntry,
  type AuditPage,
  type AuditQuery,
  auditActions,
  auditThings,
} from '../../../../contracts/api/audit.ts';
import { keys } from '../api/keys.ts';
import { request, withQuery } from '../api/request.ts';
import { fullTime } from '../format/time.ts';
import { EmptyView, FailureView, LoadingView } from '../states/views.tsx';

/** The number of an import, the fields of a change, or what else the entry says. */
function Details({ entry }: { readonly entry: AuditEntry }) {
  const { t } = useTranslation();
  const { changes = [], ...rest } = entry.data as AuditEntry['data'] & Record<string, unknown>;
  const isNew = entry.action === 'create';
  // What a new thing is made of is one line; what changed is a line a field.
  const made = isNew ? changes.map(({ field, to }) => (to === undefined ? field : `${field}: ${to}`)) : [];
  const others = [...made, ...Object.entries(rest).map(([key, value]) => `${key}: ${String(value)}`)];
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

function Entries({ entries }: { readonly entries: readonly AuditEntry[] }) {
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

type Filter = Pick<AuditQuery, 'actor' | 'action' | 'thing' | 'id'>;

function FilterBar({ filter, onChange }: { readonly filter: Filter; readonly onChange: (filter: Filter) => void }) {
  const { t } = useTranslation();
  const choose = <K extends 'action' | 'thing'>(key: K, values: readonly NonNullable<Filter[K]>[]) => (
    <select
      aria-label={t(`registry.audit.${key}`)}
      value={filter[key] ?? ''}
      onChange={({ target }) => {
        const { [key]: _, ...others } = filter;
        onChange(target.value === '' ? others : { ...others, [key]: target.value });
      }}
    >
      <option value="">{t(`registry.audit.every.${key}`)}</option>
      {values.map((value) => (
        <option key={value} value={value}>
          {t(`registry.${key}.${value}` as never)}
        </option>
      ))}
    </select>
  );
  const type = (key: 'actor' | 'id', text: string) => {
    const { [key]: _, ...others } = filter;
    onChange(text.trim() === '' ? others : { ...others, [key]: text.trim() });
  };
  return (
    <div className="register-tools">
      {(['actor', 'id'] as const).map((key) => (
        <Input
          key={key}
          type="search"
          aria-label={t(`registry.audit.${key}`)}
          placeholder={t(`registry.audit.${key}`)}
          onChange={({ target }) => type(key, target.value)}
        />
      ))}
      {choose('action', auditActions)}
      {choose('thing', auditThings)}
    </div>
  );
}

function ChainCheck() {
  const { t } = useTranslation();
  const check = useQuery({
    queryKey: keys.auditCheck,
    queryFn: () => request<AuditCheck>('/audit/check'),
    enabled: false,
  });
  return (
    <div className="register-tools">
      <Button loading={check.isFetching} onClick={() => void check.refetch()}>
        {t('registry.audit.check')}
      </Button>
      <span role="status">
        {check.data?.sound === true && (
          <span className="good">{t('registry.audit.sound', { count: check.data.entries })}</span>
        )}
        {check.data?.sound === false && (
          <strong className="bad">{t('registry.audit.broken', { n: check.data.brokenAt ?? 0 })}</strong>
        )}
      </span>
    </div>
  );
}

/** Pages go back in time by the number of the last entry shown. */
export function AuditRoom() {
  const { t } = useTranslation();
  const [filter, setFilter] = useState<Filter>({});
  const [before, setBefore] = useState<readonly number[]>([]);
  const query: AuditQuery = { ...filter, ...(before.length > 0 ? { before: before.at(-1) as number } : {}) };
  const read = useQuery({
    queryKey: keys.audit(query),
    queryFn: () => request<AuditPage>(withQuery('/audit', query)),
    placeholderData: (last) => last,
  });
  const next = read.data?.next ?? null;
  return (
    <>
      <ChainCheck />
      <FilterBar
        filter={filter}
        onChange={(chosen) => {
          setFilter(chosen);
          setBefore([]);
        }}
      />
      {read.isPending && <LoadingView label={t('states.loading')} />}
      {read.isError && <FailureView error={read.error} onRetry={() => void read.refetch()} />}
      {read.data?.entries.length === 0 && <EmptyView title={t('registry.empty')} />}
      {read.data !== undefined && read.data.entries.length > 0 && <Entries entries={read.data.entries} />}
      <nav className="pager" aria-label={t('registry.pages')}>
        <Button disabled={before.length === 0} onClick={() => setBefore(before.slice(0, -1))}>
          {t('registry.audit.newer')}
        </Button>
        <Button disabled={next === null} onClick={() => next !== null && setBefore([...before, next])}>
          {t('registry.audit.older')}
        </Button>
      </nav>
    </>
  );
}
