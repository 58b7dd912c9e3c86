/** Decisions of the desk: shown at once, sent, and taken back honestly when the hub says no. */
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
  readonly state: 'sending' | 'done' | 'undoing';
  /** Until when it may be taken back, once the hub has said so. */
  readonly undoUntil: string | null;
};

/** The last decision outlives a look at another page. */
let remembered: Last | null = null;

function useLast(): [Last | null, (change: (before: Last | null) => Last | null) => void] {
  const [last, setLast] = useState(remembered);
  const write = (change: (before: Last | null) => Last | null) =>
    setLast((before) => {
      remembered = change(before);
      return remembered;
    });
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

  const sayDone = async (after: CaseSummary, what: string) => {
    const { id, number, version } = after;
    setLast((now) =>
      now?.id === id && now.state === 'undoing'
        ? now
        : { ...{ id, number, version, what }, state: 'done', undoUntil: null },
    );
    const fresh = await client.fetchQuery({ queryKey: keys.case(id), queryFn: () => readCase(id) });
    setLast((now) => (now?.id === id && now.state === 'done' ? { ...now, undoUntil: fresh.undoUntil ?? null } : now));
  };

  const bringBack = (row: CaseSummary, error: unknown) => {
    decided.current.delete(row.id);
    queue.setAside(row.id, null);
    queue.select(row.id);
    setLast(() => null);
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
    setLast(() => ({ ...{ id, number, version, what }, state: 'sending', undoUntil: null }));
    try {
      const after = await sendCommand(row.id, command, row.version);
      queue.setAside(row.id, after.version);
      drafts.drop(row.id);
      refresh(row.id);
      await sayDone(after, what);
    } catch (error) {
      bringBack(row, error);
    }
  };

  /** While the decision is on its way, taking it back waits behind it. */
  const undo = async () => {
    if (last === null || last.state === 'undoing') {
      if (last === null) void message.info(t('review.nothingToUndo'));
      return;
    }
    const { id, number, version } = last;
    setLast(() => ({ ...last, state: 'undoing', undoUntil: null }));
    try {
      await sendCommand(id, { command: 'undo' }, version);
      decided.current.delete(id);
      queue.setAside(id, null);
      queue.select(id);
      void message.success(t('review.undone', { number }));
    } catch (error) {
      void message.warning(t('review.failed', { number, why: describeProblem(error) }), 10);
    }
    setLast(() => null);
    refresh(id);
  };

  return { decide, undo, last, isDecided: (id: string) => decided.current.has(id) };
}
