/** What a unit can do with a case now: one large button for the next step, the rest below. */
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Input } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseCommand, CaseDetail } from '../../../../contracts/api/case.ts';
import { keys } from '../api/keys.ts';
import { describeProblem, isProblem } from '../api/problem.ts';
import { sendCommand } from '../api/send-command.ts';
import { Until } from '../case-file/step-form.tsx';

function useGive(detail: CaseDetail) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  /** @returns true when it was done; else what was typed stays */
  const give = async (command: CaseCommand, done: string): Promise<boolean> => {
    setBusy(true);
    try {
      await sendCommand(detail.case.id, command, detail.case.version);
      void message.success(done);
      return true;
    } catch (error) {
      const why = isProblem(error, 'API_VERSION')
        ? t('file.quicker')
        : `${describeProblem(error)} ${t('unit.noteKept')}`;
      void message.error(why, 8);
      return false;
    } finally {
      setBusy(false);
      await client.invalidateQueries({ queryKey: keys.case(detail.case.id) });
      void client.invalidateQueries({ queryKey: keys.cases });
    }
  };
  return { give, busy };
}

type Given = ReturnType<typeof useGive>;
type NoteStep = 'feedback' | 'return' | 'extend' | 'appeal' | 'comment';

type NoteFormProps = {
  readonly name: NoteStep;
  readonly given: Given;
  readonly label: string;
  readonly submit: string;
  readonly done: string;
  readonly blocked?: string | null;
  readonly strong?: boolean;
};

/** A text and a button; for more time also the new limit. */
function NoteForm({ name, given, label, submit, done, blocked = null, strong = false }: NoteFormProps) {
  const { t } = useTranslation();
  const id = useId();
  const [note, setNote] = useState('');
  const [until, setUntil] = useState<string>();
  const lacks = note.trim() === '' || (name === 'extend' && until === undefined) || blocked !== null;
  const send = async () => {
    const command = name === 'extend' ? { command: name, note, until: until ?? '' } : { command: name, note };
    if (await given.give(command, done)) setNote('');
  };
  return (
    <form
      className="unit-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!lacks) void send();
      }}
    >
      {name === 'extend' && (
        <>
          <label htmlFor={`${id}-until`}>{t('field.until')}</label>
          <Until id={`${id}-until`} {...(until === undefined ? {} : { value: until })} onChange={setUntil} />
        </>
      )}
      <label htmlFor={id}>{label}</label>
      <Input.TextArea
        id={id}
        value={note}
        onChange={(event) => setNote(event.target.value)}
        autoSize={{ minRows: 2, maxRows: 8 }}
        maxLength={2000}
      />
      {blocked !== null && <p className="unit-blocked">{blocked}</p>}
      <Button
        htmlType="submit"
        type={strong ? 'primary' : 'default'}
        size="large"
        block
        disabled={lacks}
        loading={given.busy}
      >
        {submit}
      </Button>
    </form>
  );
}

function NextStep({ detail, given }: { readonly detail: CaseDetail; readonly given: Given }) {
  const { t } = useTranslation();
  const { steps, case: row, photos = [] } = detail;
  if (steps.includes('handle'))
    return (
      <Button
        type="primary"
        size="large"
        block
        loading={given.busy}
        onClick={() => void given.give({ command: 'handle' }, t('unit.start'))}
      >
        {t('unit.start')}
      </Button>
    );
  if (!steps.includes('feedback')) return null;
  const has = photos.some(({ round }) => round === (row.rework ?? 0));
  return (
    <NoteForm
      name="feedback"
      given={given}
      strong
      label={t('unit.feedbackNote')}
      submit={t('unit.feedback')}
      done={t('unit.feedbackDone')}
      blocked={has ? null : t('unit.photoFirst')}
    />
  );
}

const others = ['return', 'extend', 'appeal', 'comment'] as const;

/** `/unit/:id`: the next step, then what else can be done. */
export function UnitSteps({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation();
  const given = useGive(detail);
  const offered = others.filter((name) => detail.steps.includes(name));
  return (
    <>
      <section className="unit-next">
        <NextStep detail={detail} given={given} />
      </section>
      {offered.length > 0 && (
        <section className="card unit-section">
          <h2>{t('unit.more')}</h2>
          {offered.map((name) => (
            <details key={name} className="unit-more">
              <summary>{t(`unit.${name}`)}</summary>
              <NoteForm
                name={name}
                given={given}
                label={t(`unit.${name}Note`)}
                submit={t(`unit.${name}`)}
                done={t('file.done', { what: t(`unit.${name}`) })}
              />
            </details>
          ))}
        </section>
      )}
    </>
  );
}
