/** The steps that the hub offers this user now, each with its form. */
import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseCommand, CaseCommandName, CaseDetail } from '../../../../contracts/api/case.ts';
import { keys } from '../api/keys.ts';
import { describeProblem, isProblem } from '../api/problem.ts';
import { sendCommand } from '../api/send-command.ts';
import { wireWord } from '../i18n/index.ts';
import { plateOf } from '../review/actions.tsx';
import { DispatchForm } from './dispatch-form.tsx';
import { isCommandName, stepFields } from './step-fields.ts';
import { StepForm, type StepValues } from './step-form.tsx';

/** What is worth a strong or a warning button. */
const strong: ReadonlySet<CaseCommandName> = new Set(['confirm', 'dispatch', 'close']);
const grave: ReadonlySet<CaseCommandName> = new Set(['reject', 'void']);

function useStep(detail: CaseDetail, onDone: () => void) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const send = async (name: CaseCommandName, values: StepValues) => {
    const filled = Object.entries(values)
      .filter(([, value]) => value !== undefined && value !== '')
      .map(([field, value]) => [field === 'answer' ? 'result' : field, value] as const);
    setBusy(true);
    try {
      const command = { command: name, ...Object.fromEntries(filled) } as CaseCommand;
      await sendCommand(detail.case.id, command, detail.case.version);
      void message.success(t('file.done', { what: wireWord('command', name) }));
      onDone();
    } catch (error) {
      if (isProblem(error, 'API_VERSION')) void message.warning(t('file.quicker'), 6);
      else void message.error(describeProblem(error), 8);
    } finally {
      setBusy(false);
      void client.invalidateQueries({ queryKey: keys.case(detail.case.id) });
      void client.invalidateQueries({ queryKey: keys.cases });
    }
  };
  return { send, busy };
}

/** Buttons for the steps that the hub allows this user now. */
export function Steps({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<CaseCommandName | null>(null);
  const { send, busy } = useStep(detail, () => setOpen(null));
  const steps = detail.steps.filter(isCommandName);
  const press = (name: CaseCommandName) => {
    if (stepFields[name].length === 0) void send(name, {});
    else setOpen((before) => (before === name ? null : name));
  };
  return (
    <section className="card">
      <h2>{t('file.steps')}</h2>
      {steps.length === 0 && <p className="muted">{t('file.noSteps')}</p>}
      <div className="step-row">
        {steps.map((name) => (
          <Button
            key={name}
            type={strong.has(name) ? 'primary' : 'default'}
            danger={grave.has(name)}
            aria-expanded={stepFields[name].length === 0 ? undefined : open === name}
            disabled={busy}
            onClick={() => press(name)}
          >
            {wireWord('command', name)}
          </Button>
        ))}
      </div>
      {open === 'dispatch' && steps.includes(open) && (
        <DispatchForm
          detail={detail}
          busy={busy}
          onCancel={() => setOpen(null)}
          onSend={(values) => void send(open, values)}
        />
      )}
      {open !== null && open !== 'dispatch' && steps.includes(open) && (
        <StepForm
          key={open}
          name={open}
          detail={detail}
          plate={plateOf(detail)}
          busy={busy}
          onCancel={() => setOpen(null)}
          onSend={(values) => void send(open, values)}
        />
      )}
    </section>
  );
}
