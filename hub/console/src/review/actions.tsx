/** The bar of decisions: buttons with their keys, the note, the plate, and the reasons when one rejects. */
import { Button, Input, type InputRef } from 'antd';
import { type Ref, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type CaseCommand, type CaseDetail, rejectReasons } from '../../../../contracts/api/case.ts';
import { plateIn } from '../../../../contracts/violations/detail.ts';
import { violations } from '../../../../contracts/violations/index.ts';
import { HaulageOf } from '../facts/haulage.tsx';
import { wireWord } from '../i18n/index.ts';
import { Key } from './shortcuts.tsx';
import type { Draft } from './use-decisions.ts';

/** Where the decision is made, for those who skip to it. */
export const DECISION = 'decide';

/** The plate that the machine read, where this kind of violation has one at all. */
export function plateOf(detail: CaseDetail): string | null {
  const { kind } = detail.case;
  return violations[kind].plateField ? (plateIn(kind, detail.case.detail) ?? '') : null;
}

function withNote(note: string): { note?: string } {
  const text = note.trim();
  return text === '' ? {} : { note: text };
}

/** Confirms with the note and the plate: as typed, else as the event has it. */
export function confirmCommand(detail: CaseDetail, draft: Draft): CaseCommand {
  const plate = (draft.plate ?? plateOf(detail) ?? '').trim();
  return { command: 'confirm', ...withNote(draft.note), ...(plate === '' ? {} : { plate }) };
}

/** Rejects with the reason at `index` of the list; null where there is none. */
export function rejectCommand(index: number, draft: Draft): CaseCommand | null {
  const reason = rejectReasons[index];
  return reason === undefined ? null : { command: 'reject', reason, ...withNote(draft.note) };
}

/** A proposal is a fixture, with the note; null for what is no proposal. */
export function fixtureCommand(detail: CaseDetail, draft: Draft): CaseCommand | null {
  if (detail.case.state !== 'proposed') return null;
  return { command: 'reject', reason: 'fixture', ...withNote(draft.note) };
}

/** Sends for a field check, with the note. */
export function fieldCheckCommand(draft: Draft): CaseCommand {
  return { command: 'field-check', ...withNote(draft.note) };
}

/** Of a double click; the second half falls on whatever case comes next. */
const isFirst = (event: React.MouseEvent) => event.detail < 2;

type ReasonsProps = { readonly onPick: (index: number) => void; readonly onCancel: () => void };

function Reasons({ onPick, onCancel }: ReasonsProps) {
  const { t } = useTranslation();
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  return (
    <div className="reasons" role="dialog" aria-label={t('review.rejectTitle')}>
      <div className="reasons-head">
        <strong>{t('review.rejectTitle')}</strong>
        <span className="muted">{t('review.rejectHint')}</span>
        <Button size="small" type="text" onClick={onCancel}>
          {t('file.cancel')}
        </Button>
      </div>
      <div className="reasons-row">
        {rejectReasons.map((reason, index) => (
          <Button key={reason} ref={index === 0 ? first : null} onClick={() => onPick(index)}>
            <Key>{String(index + 1)}</Key>
            {wireWord('reason', reason)}
          </Button>
        ))}
      </div>
    </div>
  );
}

type ActionsProps = {
  readonly detail: CaseDetail;
  readonly draft: Draft;
  readonly onDraft: (change: Partial<Draft>) => void;
  readonly rejecting: boolean;
  readonly onRejecting: (on: boolean) => void;
  readonly onDecide: (command: CaseCommand) => void;
  readonly noteRef: Ref<InputRef>;
  readonly plateRef: Ref<InputRef>;
};

/** Escape gives the keys back to the page. */
function leaveOnEscape(event: React.KeyboardEvent<HTMLInputElement>): void {
  if (event.key === 'Escape') event.currentTarget.blur();
}

function Writing({ detail, draft, onDraft, noteRef, plateRef }: ActionsProps) {
  const { t } = useTranslation();
  const plate = plateOf(detail);
  return (
    <>
      {plate !== null && (
        <Input
          ref={plateRef}
          className="plate-field"
          aria-label={t('review.plate')}
          placeholder={t('review.platePlaceholder')}
          maxLength={16}
          value={draft.plate ?? plate}
          onChange={(event) => onDraft({ plate: event.target.value })}
          onKeyDown={leaveOnEscape}
        />
      )}
      {plate !== null && <HaulageOf caseId={detail.case.id} plate={draft.plate ?? plate} />}
      <Input
        ref={noteRef}
        className="note-field"
        aria-label={t('review.note')}
        placeholder={t('review.notePlaceholder')}
        maxLength={2000}
        value={draft.note}
        onChange={(event) => onDraft({ note: event.target.value })}
        onKeyDown={leaveOnEscape}
      />
    </>
  );
}

/** Buttons of the decisions, reasons to reject, plate and note. */
export function Actions(props: ActionsProps) {
  const { t } = useTranslation();
  const { detail, draft, rejecting, onRejecting, onDecide } = props;
  const fixture = fixtureCommand(detail, draft);
  const can = (step: string) => detail.steps.includes(step);
  const reject = (index: number) => {
    const command = rejectCommand(index, draft);
    if (command !== null) onDecide(command);
  };
  return (
    <div className="actions" id={DECISION} tabIndex={-1}>
      {rejecting && <Reasons onPick={reject} onCancel={() => onRejecting(false)} />}
      {fixture !== null && (
        <div className="refusal" role="status">
          {t('review.proposedHint')}
        </div>
      )}
      <div className="actions-row">
        {fixture !== null && (
          <Button
            type="primary"
            size="large"
            disabled={!can('reject')}
            onClick={(event) => isFirst(event) && onDecide(fixture)}
          >
            <Key>X</Key>
            {t('review.isFixture')}
          </Button>
        )}
        <Button
          type={fixture === null ? 'primary' : 'default'}
          size="large"
          disabled={!can('confirm')}
          onClick={(event) => isFirst(event) && onDecide(confirmCommand(detail, draft))}
        >
          <Key>C</Key>
          {t('review.confirm')}
        </Button>
        <Button
          size="large"
          danger
          disabled={!can('reject')}
          aria-expanded={rejecting}
          onClick={() => onRejecting(!rejecting)}
        >
          <Key>R</Key>
          {t('review.reject')}
        </Button>
        <Button
          size="large"
          disabled={!can('field-check')}
          onClick={(event) => isFirst(event) && onDecide(fieldCheckCommand(draft))}
        >
          <Key>F</Key>
          {t('review.fieldCheck')}
        </Button>
        <Writing {...props} />
      </div>
    </div>
  );
}
