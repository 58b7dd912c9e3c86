/** The case list as a table; a row opens its case. */
import { PictureOutlined } from '@ant-design/icons';
import { Table, type TableColumnsType } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import type { CaseSummary } from '../../../../contracts/api/case.ts';
import { KindMark } from '../format/kind.tsx';
import { usePlaces } from '../format/places.ts';
import { fullTime } from '../format/time.ts';
import { wireWord } from '../i18n/index.ts';
import { Due } from '../review/waiting-list.tsx';
import { evidenceUrl } from '../stills/picture.tsx';
import { CaseChips } from './chips.tsx';

/** Which tone a state has: still ours to decide, under way, ended well; ended otherwise has none. */
const stateTones: Readonly<Record<string, string>> = {
  'pending-review': 'warn',
  proposed: 'warn',
  'field-check': 'warn',
  filed: 'way',
  dispatched: 'way',
  returned: 'bad',
  handling: 'way',
  feedback: 'way',
  inspecting: 'way',
  closed: 'good',
};

/** A state of a case as a coloured word. */
export function StateTag({ state }: { readonly state: string }) {
  return <span className={`tone tone-small tone-${stateTones[state] ?? 'plain'}`}>{wireWord('state', state)}</span>;
}

/** The still of a case in a list, or a sign that there is none. */
export function Thumbnail({ sha256 }: { readonly sha256: string | null }) {
  const { t } = useTranslation();
  const [failed, setFailed] = useState(false);
  if (sha256 === null || failed) {
    return (
      <span className="thumb thumb-none" title={t('cases.noStill')}>
        <PictureOutlined aria-label={t('cases.noStill')} />
      </span>
    );
  }
  return (
    <img
      className="thumb"
      src={evidenceUrl(sha256)}
      alt=""
      loading="lazy"
      decoding="async"
      onError={() => setFailed(true)}
    />
  );
}

function useColumns(): TableColumnsType<CaseSummary> {
  const { t } = useTranslation();
  const placeOf = usePlaces();
  return [
    { title: t('cases.still'), key: 'still', width: 112, render: (_, row) => <Thumbnail sha256={row.thumbnail} /> },
    {
      title: t('cases.number'),
      key: 'number',
      width: 190,
      render: (_, row) => (
        <Link
          className="num"
          to={`/cases/${encodeURIComponent(row.id)}`}
          aria-label={t('cases.open', { number: row.number })}
        >
          {row.number}
        </Link>
      ),
    },
    { title: t('cases.kind'), key: 'kind', render: (_, row) => <KindMark kind={row.kind} /> },
    {
      title: t('cases.place'),
      key: 'place',
      render: (_, row) => (
        <>
          {placeOf(row).name}
          <span className="muted block num">{placeOf(row).within}</span>
        </>
      ),
    },
    {
      title: t('cases.started'),
      key: 'started',
      width: 170,
      render: (_, row) => <span className="num">{fullTime(row.startedAt)}</span>,
    },
    {
      title: t('cases.state'),
      key: 'state',
      width: 150,
      render: (_, row) => (
        <span className="chips">
          <StateTag state={row.state} />
          <CaseChips row={row} />
        </span>
      ),
    },
    {
      title: t('cases.due'),
      key: 'due',
      width: 140,
      render: (_, row) => (row.dueAt === null ? <span className="muted">—</span> : <Due dueAt={row.dueAt} />),
    },
    {
      title: t('cases.score'),
      key: 'score',
      width: 90,
      align: 'right',
      render: (_, row) => <span className="num">{row.sightings === 0 ? '—' : `${Math.round(row.score * 100)} %`}</span>,
    },
  ];
}

type CaseTableProps = { readonly rows: readonly CaseSummary[]; readonly loading: boolean };

/** Rows of cases; a click opens the case file. */
export function CaseTable({ rows, loading }: CaseTableProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const columns = useColumns();
  return (
    <Table<CaseSummary>
      className="case-table"
      size="small"
      rowKey="id"
      columns={columns}
      dataSource={[...rows]}
      loading={loading}
      pagination={false}
      scroll={{ x: 980 }}
      locale={{ emptyText: loading ? t('states.loading') : t('cases.empty') }}
      onRow={(row) => ({ onClick: () => void navigate(`/cases/${encodeURIComponent(row.id)}`) })}
    />
  );
}
