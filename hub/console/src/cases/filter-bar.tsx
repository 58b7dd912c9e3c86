/** Filters of the case list. */
import { Button, Input, Select } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { caseStates } from '../../../../contracts/api/case.ts';
import { caseSources } from '../../../../contracts/api/case-source.ts';
import { violationKinds } from '../../../../contracts/violations/index.ts';
import { useCameras } from '../api/reads.ts';
import { kindTitle } from '../format/kind.tsx';
import { fromField, toField } from '../format/time.ts';
import { inLanguage, wireWord } from '../i18n/index.ts';
import type { Filters } from './use-filters.ts';

const list = (text: string): string[] => (text === '' ? [] : text.split(','));

type ManyProps = {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { value: string; label: string }[];
  readonly onChange: (value: string) => void;
};

function Many({ label, value, options, onChange }: ManyProps) {
  return (
    <Select
      mode="multiple"
      className="filter-many"
      aria-label={label}
      placeholder={label}
      value={list(value)}
      options={[...options]}
      optionFilterProp="label"
      maxTagCount={1}
      allowClear
      onChange={(values: string[]) => onChange(values.join(','))}
    />
  );
}

/** The address follows once one has stopped typing. */
const TYPING_MS = 300;

function SearchField({ filters }: { readonly filters: Filters }) {
  const { t } = useTranslation();
  const kept = filters.filterOf('q');
  const [text, setText] = useState(kept);
  useEffect(() => setText(kept), [kept]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing starts the wait
  useEffect(() => {
    if (text.trim() === kept) return;
    const timer = window.setTimeout(() => filters.set('q', text.trim()), TYPING_MS);
    return () => window.clearTimeout(timer);
  }, [text]);
  return (
    <Input
      className="filter-search"
      type="search"
      aria-label={t('cases.search')}
      placeholder={t('cases.search')}
      maxLength={100}
      allowClear
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  );
}

function TimeField({ filters, name }: { readonly filters: Filters; readonly name: 'from' | 'to' }) {
  const { t } = useTranslation();
  return (
    <label className="filter-time">
      <span className="muted">{t(`cases.${name}`)}</span>
      <input
        type="datetime-local"
        value={toField(filters.filterOf(name) || undefined)}
        onChange={(event) => filters.set(name, fromField(event.target.value) ?? '')}
      />
    </label>
  );
}

/** Filters of the list; each change goes into the address. */
export function FilterBar({ filters }: { readonly filters: Filters }) {
  const { t } = useTranslation();
  const cameras = useCameras().data ?? [];
  return (
    <search className="filter-bar" aria-label={t('cases.filters')}>
      <SearchField filters={filters} />
      <Many
        label={t('cases.state')}
        value={filters.filterOf('state')}
        options={caseStates.map((state) => ({ value: state, label: wireWord('state', state) }))}
        onChange={(value) => filters.set('state', value)}
      />
      <Many
        label={t('cases.kind')}
        value={filters.filterOf('kind')}
        options={violationKinds.map((kind) => ({ value: kind, label: kindTitle(kind) }))}
        onChange={(value) => filters.set('kind', value)}
      />
      <Many
        label={t('reported.filter')}
        value={filters.filterOf('source')}
        options={caseSources.map((source) => ({ value: source, label: wireWord('source', source) }))}
        onChange={(value) => filters.set('source', value)}
      />
      <Select
        className="filter-one"
        aria-label={t('cases.camera')}
        placeholder={t('cases.camera')}
        showSearch
        allowClear
        optionFilterProp="label"
        value={filters.filterOf('camera') || null}
        options={cameras.map((camera) => ({ value: camera.id, label: inLanguage(camera.name, camera.id) }))}
        onChange={(value: string | null | undefined) => filters.set('camera', value ?? '')}
      />
      <TimeField filters={filters} name="from" />
      <TimeField filters={filters} name="to" />
      <Select
        className="filter-order"
        aria-label={t('cases.order')}
        value={filters.filterOf('order') || 'newest'}
        options={[
          { value: 'newest', label: t('cases.newest') },
          { value: 'oldest', label: t('cases.oldest') },
        ]}
        onChange={(value: string) => filters.set('order', value === 'newest' ? '' : value)}
      />
      {filters.any && (
        <Button type="link" onClick={filters.clear}>
          {t('cases.clear')}
        </Button>
      )}
    </search>
  );
}
