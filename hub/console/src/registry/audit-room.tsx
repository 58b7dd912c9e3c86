/** The audit log: who changed, viewed, exported or deleted what, when and from where; and whether its chain holds. */
import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type AuditCheck,
  type AuditPage,
  type AuditQuery,
  auditActions,
  auditThings,
} from '../../../../contracts/api/audit.ts';
import { keys } from '../api/keys.ts';
import { apiUrl, request, withQuery } from '../api/request.ts';
import { EmptyView, FailureView, LoadingView } from '../states/views.tsx';
import { AuditEntries } from './audit-entries.tsx';

type Filter = Pick<AuditQuery, 'actor' | 'action' | 'thing' | 'id' | 'from' | 'to'>;

/** A local day as the instant at which it begins, so many days later. */
function instantOf(day: string, later: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}

/** From the beginning of the one day to the end of the other. */
function Days({ filter, onChange }: { readonly filter: Filter; readonly onChange: (filter: Filter) => void }) {
  const { t } = useTranslation();
  const choose = (key: 'from' | 'to', day: string) => {
    const { [key]: _, ...others } = filter;
    onChange(day === '' ? others : { ...others, [key]: instantOf(day, key === 'to' ? 1 : 0) });
  };
  return (['from', 'to'] as const).map((key) => (
    <span key={key} className="audit-day">
      <span aria-hidden="true">{t(`access.${key}`)}</span>
      <Input type="date" aria-label={t(`access.${key}`)} onChange={({ target }) => choose(key, target.value)} />
    </span>
  ));
}

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
      <Days {...{ filter, onChange }} />
      <a href={apiUrl(withQuery('/audit.csv', filter))} download>
        {t('access.exportLog')}
      </a>
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
      {read.data !== undefined && read.data.entries.length > 0 && <AuditEntries entries={read.data.entries} />}
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
