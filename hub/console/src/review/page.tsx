/** The review page: what waits, the case that is open, and the last decision with its way back. */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCase, usePrefetchCase } from '../api/reads.ts';
import { span } from '../format/time.ts';
import { useNow } from '../format/use-now.ts';
import { mayDecide, useSession } from '../shell/session.tsx';
import { EmptyView, FailureView, LoadingView } from '../states/views.tsx';
import { DECISION } from './actions.tsx';
import { CaseReview } from './case-review.tsx';
import { useClaim } from './use-claim.ts';
import { type Last, useDecisions, useDrafts } from './use-decisions.ts';
import { useKeys } from './use-keys.ts';
import { useQueue } from './use-queue.ts';
import { WaitingList } from './waiting-list.tsx';

function LastDecision({ last, onUndo }: { readonly last: Last | null; readonly onUndo: () => void }) {
  const { t } = useTranslation();
  const now = useNow();
  if (last === null) return <div className="last-decision" aria-live="polite" />;
  const { number, what, state, undoUntil } = last;
  const words = {
    sending: t('review.sending', { number }),
    undoing: t('review.undoing', { number }),
    done: t('review.done', { number, what }),
  };
  const left = undoUntil === null ? 0 : new Date(undoUntil).getTime() - now;
  return (
    <div className="last-decision">
      <span aria-live="polite">{words[state]}</span>
      {left > 0 && (
        <>
          <span className="muted num">{t('review.undoLeft', { span: span(left) })}</span>
          <Button size="small" onClick={onUndo}>
            {t('review.undo')}
          </Button>
        </>
      )}
    </div>
  );
}

/** Past the list and the pictures, to the first thing that one can decide. */
function goToDecision(event: React.MouseEvent): void {
  event.preventDefault();
  const actions = document.getElementById(DECISION);
  (actions?.querySelector<HTMLElement>('button:not(:disabled), input') ?? actions)?.focus();
}

/** `/review`: the queue of a lane beside its open case. */
export function ReviewPage() {
  const { t } = useTranslation();
  const session = useSession();
  const { user } = session;
  const queue = useQueue(user.name);
  const drafts = useDrafts();
  const decisions = useDecisions(queue, drafts);
  const open = useCase(queue.selected);
  const detail = open.data;
  useClaim(detail, user.name, decisions.isDecided);
  useKeys(mayDecide(session) ? { u: () => void decisions.undo() } : {});
  usePrefetchCase(queue.neighbour(1));
  return (
    <div className="review">
      <a className="skip" href={`#${DECISION}`} onClick={goToDecision}>
        {t('review.skip')}
      </a>
      <WaitingList queue={queue} me={user.name} />
      <div className="open-case">
        {detail === undefined && <h1 className="unseen">{t('nav.review')}</h1>}
        {detail !== undefined && <CaseReview detail={detail} queue={queue} drafts={drafts} decisions={decisions} />}
        {detail === undefined && open.isFetching && <LoadingView label={t('states.loading')} />}
        {detail === undefined && open.isError && <FailureView error={open.error} onRetry={() => void open.refetch()} />}
        {queue.selected === null && queue.page.data !== undefined && (
          <EmptyView title={t('review.empty')} hint={t('review.emptyHint')} />
        )}
        <LastDecision last={decisions.last} onUndo={() => void decisions.undo()} />
      </div>
    </div>
  );
}
