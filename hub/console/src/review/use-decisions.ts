/** Decisions of the review page: shown at once, sent, and taken back honestly when the hub says no. */
import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseCommand, CaseDetail, CaseSummary } from '../../../../contracts/api/case.ts';
import { keys } from '../api/keys.ts';
import { describeProblem, isProblem } from '../api/problem.ts';
import { readCase } from '../api/reads.ts';
import { sendCommand } from '../api/send-command.ts';
import { wireWord } from '../i18n/index.ts';
import type { Queue } from './use-queue.ts';

export type Draft = { readonly note: string; readonly plate: string | null };
const emptyDraft: Draft = { note: '', plate: null };

/** What is being written for each case stays with it until it is sent. */
export function useDrafts() {
  const [drafts, setDrafts] = useState<ReadonlyMap<string, Draft>>(new Map());
  const draftOf = (id: string): Draft => drafts.get(id) ?? emptyDraft;
  const write = (id: string, change: Partial<Draft>) =>
    setDrafts((before) => new Map(before).set(id, { ...(before.get(id) ?? emptyDraft), ...change }));
  const drop = (id: string) =>
    setDrafts((before) => {
      const next = new Map(before);
      next.delete(id);
      return next;
    });
  return { draftOf, write, drop };
}
export type Drafts = ReturnType<typeof useDrafts>;

export type Last = {
  readonly id: string;
  readonly number: string;
  readonly what: string;
  readonly version: number;
  /** What was written with it, for when it is taken back. */
  readonly draft: Draft;
  readonly state: 'sending' | 'done' | 'undoing';
  /** Until when it may be taken back, once the hub has said so. */
  readonly undoUntil: string | null;
};

/** The last decision outlives a visit to another page. */
let remembered: Last | null = null;

function useLast(): [Last | null, (change: (before: Last | null) => Last | null) => void] {
  const [last, setLast] = useState(remembered);
  // Written down at once, not with the next drawing of the page: a key may come before that.
  const write = (change: (before: Last | null) => Last | null) => {
    remembered = change(remembered);
    setLast(remembered);
  };
  return [last, write];
}

export function useDecisions(queue: Queue, drafts: Drafts) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [last, setLast] = useLast();
  const decided = useRef(new Set<string>());

  const refresh = (id: string) => {
    void client.invalidateQueries({ queryKey: keys.case(id) });
    void client.invalidateQueries({ queryKey: keys.cases });
  };

  /** Of another decision, made meanwhile, this says nothing. */
  const update = (id: string, change: (now: Last) => Last | null) =>
    setLast((now) => (now?.id === id ? change(now) : now));

  const settle = async ({ id, version }: CaseSummary) => {
    update(id, (now) => (now.state === 'sending' ? { ...now, version, state: 'done' } : now));
    // The decision stands, whether or not the hub can be asked until when it may be taken back.
    const fresh = await client
      .fetchQuery({ queryKey: keys.case(id), queryFn: () => readCase(id) })
      .catch(() => undefined);
    update(id, (now) => (now.state === 'done' ? { ...now, undoUntil: fresh?.undoUntil ?? null } : now));
  };

  const bringBack = (row: CaseSummary, error: unknown) => {
    decided.current.delete(row.id);
    queue.setAside(row.id, null);
    queue.select(row.id);
    update(row.id, () => null);
    refresh(row.id);
    const { number } = row;
    if (isProblem(error, 'API_VERSION')) void message.warning(t('review.quicker', { number }), 6);
    else void message.error(t('review.failed', { number, why: describeProblem(error) }), 8);
  };

  /** Moves on at once; the answer either settles it or brings the case back with its text. */
  const decide = async (detail: CaseDetail, command: CaseCommand) => {
    const row = detail.case;
    const what = wireWord('action', command.command);
    decided.current.add(row.id);
    // With the version seen: only news beyond our own claim and decision bring the row back.
    queue.select(queue.afterDecision());
    queue.setAside(row.id, Number.POSITIVE_INFINITY);
    const { id, number, version } = row;
    const draft = drafts.draftOf(id);
    setLast(() => ({ ...{ id, number, version, what, draft }, state: 'sending', undoUntil: null }));
    try {
      const after = await sendCommand(row.id, command, row.version);
      queue.setAside(row.id, after.version);
      drafts.drop(row.id);
      refresh(row.id);
      await settle(after);
    } catch (error) {
      bringBack(row, error);
    }
  };

  /** While the decision is on its way, taking it back waits behind it. */
  const undo = async () => {
    const before = remembered;
    if (before === null) void message.info(t('review.nothingToUndo'));
    if (before === null || before.state === 'undoing') return;
    const { id, number, version, draft } = before;
    setLast(() => ({ ...before, state: 'undoing', undoUntil: null }));
    try {
      await sendCommand(id, { command: 'undo' }, version);
      decided.current.delete(id);
      drafts.write(id, draft);
      queue.setAside(id, null);
      queue.select(id);
      void message.success(t('review.undone', { number }));
    } catch (error) {
      void message.warning(t('review.failed', { number, why: describeProblem(error) }), 10);
    }
    update(id, (now) => (now.state === 'undoing' ? null : now));
    refresh(id);
  };

  return { decide, undo, last, isDecided: (id: string) => decided.current.has(id) };
}
