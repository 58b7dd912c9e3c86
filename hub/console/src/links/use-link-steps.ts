/** Decisions about links: each goes to the case that takes it, and everything that shows either case is read again. */
import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseSummary } from '../../../../contracts/api/case.ts';
import type { CaseLink, CaseLinkStep } from '../../../../contracts/api/case-link.ts';
import { keys } from '../api/keys.ts';
import { describeProblem, isProblem } from '../api/problem.ts';
import { sendCommand } from '../api/send-command.ts';
import { wireWord } from '../i18n/index.ts';

/** Sends a decision about a link of this case. */
export function useLinkSteps(own: CaseSummary) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const give = async ({ other, giveTo }: CaseLink, step: CaseLinkStep): Promise<void> => {
    const [to, named] = giveTo === 'this' ? [own, other] : [other, own];
    setBusy(true);
    try {
      await sendCommand(to.id, { command: step, other: named.id }, to.version);
      void message.success(t('link.done', { what: wireWord('command', step), number: other.number }));
    } catch (error) {
      if (isProblem(error, 'API_VERSION')) void message.warning(t('file.quicker'), 6);
      else void message.error(describeProblem(error), 8);
    } finally {
      setBusy(false);
      for (const { id } of [own, other]) void client.invalidateQueries({ queryKey: keys.case(id) });
      void client.invalidateQueries({ queryKey: ['links'] });
      void client.invalidateQueries({ queryKey: keys.cases });
    }
  };
  return { give, busy };
}
