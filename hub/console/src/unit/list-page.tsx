/** The cases of one's unit, as cards for a phone: what waits first. */
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import type { CaseState, CaseSummary } from '../../../../contracts/api/case.ts';
import { useCasePage } from '../api/reads.ts';
import { StateTag, Thumbnail } from '../cases/case-table.tsx';
import { CaseChips } from '../cases/chips.tsx';
import { KindMark } from '../format/kind.tsx';
import { usePlaces } from '../format/places.ts';
import { dayTime } from '../format/time.ts';
import { Due } from '../review/waiting-list.tsx';
import { EmptyView, FailureView, LoadingView } from '../states/views.tsx';

const lanes = {
  todo: ['dispatched', 'handling'],
  done: ['feedback', 'inspecting'],
  over: ['closed', 'returned', 'voided', 'merged'],
} as const satisfies Record<string, readonly CaseState[]>;
type UnitLane = keyof typeof lanes;
const laneNames = Object.keys(lanes) as UnitLane[];
const SHOWN = 100;

function CaseCard({ row }: { readonly row: CaseSummary }) {
  const place = usePlaces()(row);
  return (
    <li>
      <Link className="unit-card" to={`/unit/${encodeURIComponent(row.id)}`}>
        <Thumbnail sha256={row.thumbnail} />
        <span className="unit-card-words">
          <KindMark kind={row.kind} />
          <span>{place.name}</span>
          <span className="muted num">{dayTime(row.startedAt)}</span>
          <span className="chips">
            <StateTag state={row.state} />
            {row.dueAt !== null && <Due dueAt={row.dueAt} />}
            <CaseChips row={row} />
          </span>
        </span>
      </Link>
    </li>
  );
}

function Cards({ lane }: { readonly lane: UnitLane }) {
  const { t } = useTranslation();
  const page = useCasePage({
    state: lanes[lane].join(','),
    order: lane === 'over' ? 'newest' : 'oldest',
    limit: SHOWN,
  });
  if (page.data === undefined)
    return page.isError ? (
      <FailureView error={page.error} onRetry={() => void page.refetch()} />
    ) : (
      <LoadingView label={t('states.loading')} />
    );
  const words = { todo: t('unit.empty'), done: t('unit.emptyDone'), over: t('unit.emptyOver') };
  if (page.data.cases.length === 0) return <EmptyView title={words[lane]} />;
  return (
    <ol className="unit-cards">
      {page.data.cases.map((row) => (
        <CaseCard key={row.id} row={row} />
      ))}
    </ol>
  );
}

/** `/unit` */
export function UnitListPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const lane = laneNames.find((name) => name === search.get('lane')) ?? 'todo';
  const counts = useCasePage({ state: lanes.todo.join(','), limit: 1 }).data?.counts ?? {};
  const countOf = (name: UnitLane) => lanes[name].reduce((sum, state) => sum + (counts[state] ?? 0), 0);
  return (
    <div className="unit-page">
      <h1>{t('unit.title')}</h1>
      {/* biome-ignore lint/a11y/useSemanticElements: a row of toggle buttons is no form fieldset */}
      <div className="lanes" role="group" aria-label={t('unit.title')}>
        {laneNames.map((name) => (
          <button
            key={name}
            type="button"
            className="lane"
            aria-pressed={lane === name}
            onClick={() => setSearch(name === 'todo' ? {} : { lane: name }, { replace: true })}
          >
            {t(`unit.${name}`)} <span className="num">{countOf(name)}</span>
          </button>
        ))}
      </div>
      <Cards lane={lane} />
    </div>
  );
}
