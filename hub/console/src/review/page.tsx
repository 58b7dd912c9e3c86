/** The review desk: what waits, the case that is open, and one key for each decision. */
import type { InputRef } from 'antd';
import { Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { CaseCommand, CaseDetail } from '../../../../contracts/api/case.ts';
import { useCase, usePrefetchCase } from '../api/reads.ts';
import { Facts } from '../facts/facts.tsx';
import { wireWord } from '../i18n/index.ts';
import { mayDecide, useSession } from '../shell/session.tsx';
import { EmptyView, FailureView, LoadingView } from '../states/views.tsx';
import { Stage } from '../stills/stage.tsx';
import { useStage } from '../stills/use-stage.ts';
import { Actions, confirmCommand, fieldCheckCommand, rejectCommand } from './actions.tsx';
import { CaseHead } from './case-head.tsx';
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
  return (
    <div className="last-decision" aria-live="polite">
      {last !== null && (
        <span>
          {last.state === 'sending'
            ? t('review.sending', { number: last.number })
            : t('review.done', { number: last.number, what: last.what })}
        </span>
      )}
      {last?.undo !== null && last !== null && (
        <Button size="small" onClick={onUndo}>
          {t('review.undo')}
        </Button>
      )}
    </div>
  );
}

function Refusal({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation();
  const session = useSession();
  if (detail.steps.includes('confirm')) return null;
  const { claimedBy, state } = detail.case;
  const why = !mayDecide(session)
    ? t('review.viewerOnly')
    : claimedBy !== null && claimedBy !== session.user.name
      ? t('review.claimedBy', { name: claimedBy })
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
      <Facts detail={detail} zone={zone} />
      <Shortcuts open={help} onClose={() => setHelp(false)} />
    </>
  );
}

export function ReviewPage() {
  const { t } = useTranslation();
  const { user } = useSession();
  const queue = useQueue(user.name);
  const drafts = useDrafts();
  const decisions = useDecisions(queue, drafts);
  const open = useCase(queue.selected);
  const detail = open.data;
  useClaim(detail, user.name, decisions.isDecided);
  useKeys({ u: () => void decisions.undo() });
  usePrefetchCase(queue.neighbour(1));
  return (
    <div className="review">
      <WaitingList queue={queue} me={user.name} />
      <div className="desk">
        {detail !== undefined && <CaseDesk detail={detail} queue={queue} drafts={drafts} decisions={decisions} />}
        {detail === undefined && open.isFetching && <LoadingView label={t('states.loading')} />}
        {detail === undefined && open.isError && <FailureView error={open.error} onRetry={() => void open.refetch()} />}
        {queue.selected === null && !queue.page.isPending && (
          <EmptyView title={t('review.empty')} hint={t('review.emptyHint')} />
        )}
        <LastDecision last={decisions.last} onUndo={() => void decisions.undo()} />
      </div>
    </div>
  );
}
