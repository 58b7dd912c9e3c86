/** The review desk: what waits, the case that is open, and one key for each decision. */
import type { InputRef } from 'antd';
import { Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { CaseCommand, CaseDetail } from '../../../../contracts/api/case.ts';
import { useCase, usePrefetchCase } from '../api/reads.ts';
import { Facts } from '../facts/facts.tsx';
import { span } from '../format/time.ts';
import { useNow } from '../format/use-now.ts';
import { wireWord } from '../i18n/index.ts';
import { mayDecide, useSession } from '../shell/session.tsx';
import { EmptyView, FailureView, LoadingView } from '../states/views.tsx';
import { Stage } from '../stills/stage.tsx';
import { useStage } from '../stills/use-stage.ts';
import { Actions, confirmCommand, DECISION, fieldCheckCommand, rejectCommand } from './actions.tsx';
import { CaseHead, useClaimWords } from './case-head.tsx';
import { Shortcuts } from './shortcuts.tsx';
import { Toolbar } from './toolbar.tsx';
import { useClaim } from './use-claim.ts';
import { type Drafts, type Last, useDecisions, useDrafts } from './use-decisions.ts';
import { useKeys } from './use-keys.ts';
import { type Queue, useQueue } from './use-queue.ts';
import { useZoneOf } from './use-zone-of.ts';
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

function Refusal({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation();
  const session = useSession();
  const claim = useClaimWords(detail.case);
  if (detail.steps.includes('confirm')) return null;
  const { claimedBy, state } = detail.case;
  const why = !mayDecide(session)
    ? t('review.viewerOnly')
    : claim !== null && claimedBy !== session.user.name
      ? claim.long
      : t('review.notNow', { state: wireWord('state', state) });
  return (
    <div className="refusal" role="status">
      {why}
    </div>
  );
}

type DeskProps = {
  readonly detail: CaseDetail;
  readonly queue: Queue;
  readonly drafts: Drafts;
  readonly decisions: ReturnType<typeof useDecisions>;
};

function CaseDesk({ detail, queue, drafts, decisions }: DeskProps) {
  const navigate = useNavigate();
  const session = useSession();
  const { zone, shapes } = useZoneOf(detail);
  const stage = useStage(detail, shapes);
  const [rejecting, setRejecting] = useState(false);
  const [help, setHelp] = useState(false);
  const noteRef = useRef<InputRef>(null);
  const plateRef = useRef<InputRef>(null);
  const { id } = detail.case;
  const draft = drafts.draftOf(id);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another case, another decision
  useEffect(() => setRejecting(false), [id]);
  const decide = (command: CaseCommand | null) => {
    if (command === null || !detail.steps.includes(command.command)) return;
    setRejecting(false);
    void decisions.decide(detail, command);
  };
  const confirm = () => decide(confirmCommand(detail, draft));
  const reasons = Object.fromEntries(
    ['1', '2', '3', '4', '5', '6', '7'].map((key, index) => [
      key,
      () => rejecting && decide(rejectCommand(index, draft)),
    ]),
  );
  useKeys(
    {
      ...reasons,
      c: confirm,
      enter: confirm,
      r: () => detail.steps.includes('reject') && setRejecting(true),
      f: () => decide(fieldCheckCommand(draft)),
      j: () => queue.step(1),
      arrowdown: () => queue.step(1),
      k: () => queue.step(-1),
      arrowup: () => queue.step(-1),
      arrowleft: () => stage.step(-1),
      arrowright: () => stage.step(1),
      b: stage.flipBoxes,
      p: stage.flipZone,
      z: stage.zoom,
      v: stage.cycleMode,
      m: stage.playClip,
      n: () => noteRef.current?.focus(),
      l: () => plateRef.current?.focus(),
      o: () => void navigate(`/cases/${encodeURIComponent(id)}`),
      '?': () => setHelp(true),
      escape: () => setRejecting(false),
    },
    { ' ': stage.setFlicker },
  );
  return (
    <>
      <CaseHead detail={detail} zone={zone} />
      <Toolbar stage={stage} onHelp={() => setHelp(true)} />
      <Stage stage={stage} shapes={shapes} />
      <Refusal detail={detail} />
      <Actions
        detail={detail}
        draft={draft}
        onDraft={(change) => drafts.write(id, change)}
        rejecting={rejecting}
        onRejecting={setRejecting}
        onDecide={decide}
        noteRef={noteRef}
        plateRef={plateRef}
      />
      <Facts detail={detail} zone={zone} event={stage.right?.event} />
      <Shortcuts open={help} decides={mayDecide(session)} onClose={() => setHelp(false)} />
    </>
  );
}

/** Past the list and the pictures, to the first thing that one can decide. */
function goToDecision(event: React.MouseEvent): void {
  event.preventDefault();
  const actions = document.getElementById(DECISION);
  (actions?.querySelector<HTMLElement>('button:not(:disabled), input') ?? actions)?.focus();
}

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
      <div className="desk">
        {detail !== undefined && <CaseDesk detail={detail} queue={queue} drafts={drafts} decisions={decisions} />}
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
