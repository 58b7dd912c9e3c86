/** The list of what waits: oldest due first, with age, kind, place and who is at it. */
import { LockOutlined } from '@ant-design/icons';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseSummary } from '../../../../contracts/api/case.ts';
import { KindMark } from '../format/kind.tsx';
import { usePlaces } from '../format/places.ts';
import { dueMark, span } from '../format/time.ts';
import { useNow } from '../format/use-now.ts';
import { EmptyView, FailureView, LoadingView, StaleNote } from '../states/views.tsx';
import { type Lane, lanes, type Queue } from './use-queue.ts';

/** Time left to a deadline, coloured by urgency. */
export function Due({ dueAt }: { readonly dueAt: string }) {
  const mark = dueMark(dueAt, useNow());
  return <span className={`due due-${mark.level}`}>{mark.text}</span>;
}

type RowProps = {
  readonly row: CaseSummary;
  readonly place: string;
  readonly selected: boolean;
  /** One row of the list takes part in tabbing; arrows move within it. */
  readonly tabbable: boolean;
  readonly me: string;
  readonly onSelect: () => void;
};

function WaitingRow({ row, place, selected, tabbable, me, onSelect }: RowProps) {
  const { t } = useTranslation();
  const now = useNow();
  const ref = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!selected) return;
    ref.current?.scrollIntoView({ block: 'nearest' });
    // Whoever walks the list by keyboard stays on what is open.
    if (document.activeElement?.classList.contains('waiting-row')) ref.current?.focus();
  }, [selected]);
  return (
    <li>
      <button
        ref={ref}
        type="button"
        className="waiting-row"
        aria-current={selected}
        data-case={row.id}
        tabIndex={tabbable ? 0 : -1}
        onClick={onSelect}
      >
        <span className="waiting-line">
          <KindMark kind={row.kind} />
          {row.dueAt !== null && <Due dueAt={row.dueAt} />}
        </span>
        <span className="waiting-place">{place}</span>
        <span className="waiting-line muted">
          <span>{t('time.age', { span: span(now - new Date(row.openedAt).getTime()) })}</span>
          <span>
            {row.sightings > 1 && <span>×{row.sightings} </span>}
            {row.claimedBy !== null && row.claimedBy !== me && (
              <span className="claimed">
                <LockOutlined /> {row.claimedBy}
              </span>
            )}
          </span>
        </span>
      </button>
    </li>
  );
}

function Lanes({ queue }: { readonly queue: Queue }) {
  const { t } = useTranslation();
  const words: Record<Lane, string> = {
    'pending-review': t('review.lanePending'),
    'field-check': t('review.laneField'),
    proposed: t('review.laneProposed'),
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a row of toggle buttons is no form fieldset
    <div className="lanes" role="group" aria-label={t('review.lane')}>
      {lanes.map((lane) => (
        <button
          key={lane}
          type="button"
          className="lane"
          aria-pressed={queue.lane === lane}
          onClick={() => queue.setLane(lane)}
        >
          {words[lane]} <span className="num">{queue.page.data?.counts[lane] ?? 0}</span>
        </button>
      ))}
    </div>
  );
}

/** All lanes with their counts, and the rows of the open one. */
export function WaitingList({ queue, me }: { readonly queue: Queue; readonly me: string }) {
  const { t } = useTranslation();
  const placeOf = usePlaces();
  const { page, rows } = queue;
  const stop = rows.some((row) => row.id === queue.selected) ? queue.selected : rows[0]?.id;
  return (
    <nav className="waiting" aria-label={t('review.list')}>
      <Lanes queue={queue} />
      {page.isPending && <LoadingView label={t('states.loading')} />}
      {page.data === undefined && page.isError && (
        <FailureView error={page.error} onRetry={() => void page.refetch()} />
      )}
      {page.data !== undefined && page.isError && (
        <StaleNote error={page.error} text={t('cases.stale')} onRetry={() => void page.refetch()} />
      )}
      {page.isPlaceholderData && rows.length === 0 && <LoadingView label={t('states.loading')} />}
      {page.data !== undefined && !page.isPlaceholderData && rows.length === 0 && (
        <EmptyView title={t('review.empty')} hint={t('review.emptyHint')} />
      )}
      <ol className="waiting-rows">
        {rows.map((row) => (
          <WaitingRow
            key={row.id}
            row={row}
            place={`${placeOf(row).name} · ${placeOf(row).within}`}
            selected={row.id === queue.selected}
            tabbable={row.id === stop}
            me={me}
            onSelect={() => queue.select(row.id)}
          />
        ))}
      </ol>
      {page.data?.next !== null && page.data !== undefined && (
        <p className="muted waiting-more">{t('review.listTruncated', { count: page.data.cases.length })}</p>
      )}
    </nav>
  );
}
