/** One case under review: its head, its stills, its grounds, and the decisions with their keys. */
import type { InputRef } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { CaseCommand, CaseDetail } from '../../../../contracts/api/case.ts';
import type { CaseLink, CaseLinkStep } from '../../../../contracts/api/case-link.ts';
import { useLinks } from '../api/reads.ts';
import { Facts } from '../facts/facts.tsx';
import { wireWord } from '../i18n/index.ts';
import { ReviewLinks } from '../links/review-strip.tsx';
import { useLinkSteps } from '../links/use-link-steps.ts';
import { mayDecide, useSession } from '../shell/session.tsx';
import { Stage } from '../stills/stage.tsx';
import { type StageState, useStage } from '../stills/use-stage.ts';
import { Actions, confirmCommand, fieldCheckCommand, fixtureCommand, rejectCommand } from './actions.tsx';
import { CaseHead, useClaimWords } from './case-head.tsx';
import { Shortcuts } from './shortcuts.tsx';
import { Toolbar } from './toolbar.tsx';
import type { Drafts, useDecisions } from './use-decisions.ts';
import { useKeys } from './use-keys.ts';
import type { Queue } from './use-queue.ts';
import { useZoneOf } from './use-zone-of.ts';

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

/** Nobody decides on what they have not seen: the second half of a double click or press is not for the next case. */
const GLANCE_MS = 300;

/** How long this case has been shown, ms. */
function useShownFor(id: string): () => number {
  const shown = useRef({ id: '', since: 0 });
  useEffect(() => {
    shown.current = { id, since: performance.now() };
  }, [id]);
  return () => (shown.current.id === id ? performance.now() - shown.current.since : 0);
}

type CaseReviewProps = {
  readonly detail: CaseDetail;
  readonly queue: Queue;
  readonly drafts: Drafts;
  readonly decisions: ReturnType<typeof useDecisions>;
};

/** What may be decided on a case now, and whether a reason to reject is being chosen. */
function useCaseDecisions({ detail, drafts, decisions }: CaseReviewProps) {
  const [rejecting, setRejecting] = useState(false);
  const { id } = detail.case;
  const draft = drafts.draftOf(id);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another case, another decision
  useEffect(() => setRejecting(false), [id]);
  const shownFor = useShownFor(id);
  const decide = (command: CaseCommand | null) => {
    if (command === null || !detail.steps.includes(command.command) || shownFor() < GLANCE_MS) return;
    setRejecting(false);
    void decisions.decide(detail, command);
  };
  const confirm = () => decide(confirmCommand(detail, draft));
  const reasons = ['1', '2', '3', '4', '5', '6', '7', '8'].map((key, index) => [
    key,
    () => rejecting && decide(rejectCommand(index, draft)),
  ]);
  const keys = {
    ...(Object.fromEntries(reasons) as Readonly<Record<string, () => void>>),
    c: confirm,
    enter: confirm,
    r: () => detail.steps.includes('reject') && setRejecting(true),
    f: () => decide(fieldCheckCommand(draft)),
    x: () => decide(fixtureCommand(detail, draft)),
    escape: () => setRejecting(false),
  };
  return { draft, rejecting, setRejecting, decide, keys };
}

/** Proposals about this case, and what G and H do with the first. Merged, the review goes on with the other case. */
function useReviewLinks({ detail, queue, decisions }: CaseReviewProps) {
  const row = detail.case;
  const read = useLinks(row.id);
  const links = (read.data ?? []).filter((link) => link.state === 'proposed');
  const { give, busy } = useLinkSteps(row);
  const shownFor = useShownFor(links[0]?.other.id ?? '');
  const step = (link: CaseLink, name: CaseLinkStep) => {
    if (busy || !link.steps.includes(name)) return;
    if (name !== 'link-merge') {
      void give(link, name);
      return;
    }
    void decisions.decide(detail, { command: name, other: link.other.id });
    if (link.other.state === queue.lane) queue.select(link.other.id);
  };
  const press = (name: CaseLinkStep) => () => {
    const [first] = links;
    if (first && shownFor() >= GLANCE_MS) step(first, name);
  };
  return { links, busy, step, keys: { g: press('link-merge'), h: press('link-refuse') } };
}

const stageKeys = (stage: StageState) => ({
  arrowleft: () => stage.step(-1),
  arrowright: () => stage.step(1),
  b: stage.flipBoxes,
  p: stage.flipZone,
  z: stage.zoom,
  v: stage.cycleMode,
  m: stage.playClip,
});

const queueKeys = (queue: Queue) => ({
  j: () => queue.step(1),
  arrowdown: () => queue.step(1),
  k: () => queue.step(-1),
  arrowup: () => queue.step(-1),
});

/** The open case. Keys act on it as long as it is shown. */
export function CaseReview(props: CaseReviewProps) {
  const { detail, queue, drafts } = props;
  const navigate = useNavigate();
  const session = useSession();
  const { zone, shapes } = useZoneOf(detail);
  const stage = useStage(detail, shapes);
  const { draft, rejecting, setRejecting, decide, keys } = useCaseDecisions(props);
  const likely = useReviewLinks(props);
  const [help, setHelp] = useState(false);
  const noteRef = useRef<InputRef>(null);
  const plateRef = useRef<InputRef>(null);
  const { id } = detail.case;
  const others = {
    n: () => noteRef.current?.focus(),
    l: () => plateRef.current?.focus(),
    o: () => void navigate(`/cases/${encodeURIComponent(id)}`),
    '?': () => setHelp(true),
  };
  useKeys({ ...keys, ...likely.keys, ...queueKeys(queue), ...stageKeys(stage), ...others }, { ' ': stage.setFlicker });
  return (
    <>
      <CaseHead detail={detail} zone={zone} />
      <Toolbar stage={stage} onHelp={() => setHelp(true)} />
      <ReviewLinks links={likely.links} busy={likely.busy} onStep={likely.step} />
      <Stage stage={stage} shapes={shapes} of={detail.case} reported={detail.events.length === 0} />
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
