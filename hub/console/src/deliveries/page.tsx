/** `/deliveries`: notices that did not get there; a supervisor has each tried again, or gives it up with a reason. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { DeadLetter, DeliveryCommand, NoticeDelivery } from '../../../../contracts/api/delivery.ts';
import { keys } from '../api/keys.ts';
import { describeProblem } from '../api/problem.ts';
import { useDeadLetters, useSite } from '../api/reads.ts';
import { request } from '../api/request.ts';
import { inLanguage } from '../i18n/index.ts';
import { maySupervise, useSession } from '../shell/session.tsx';
import { EmptyView, FailureView, LoadingView } from '../states/views.tsx';
import { DeliveryLine } from './list.tsx';

function useSettle(letter: DeadLetter) {
  const client = useQueryClient();
  const path = `/notices/${encodeURIComponent(letter.notice)}/deliveries/${encodeURIComponent(letter.channel)}`;
  return useMutation({
    mutationFn: (body: DeliveryCommand) => request<NoticeDelivery>(path, { method: 'POST', body }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.deadLetters }),
  });
}

function Letter({ letter }: { readonly letter: DeadLetter }) {
  const { t } = useTranslation();
  const site = useSite(letter.site);
  const settle = useSettle(letter);
  const [note, setNote] = useState<string | null>(null);
  const label = t('deliveries.why', { number: letter.number });
  return (
    <li className="plain-row dead-letter">
      <Link to={`/cases/${encodeURIComponent(letter.case)}`} className="num">
        {letter.number}
      </Link>
      <span>{inLanguage(site?.name, letter.site)}</span>
      <DeliveryLine delivery={letter} />
      <span className="dead-letter-steps">
        <Button size="small" loading={settle.isPending} onClick={() => settle.mutate({ command: 'retry' })}>
          {t('deliveries.retry')}
        </Button>
        <Button size="small" onClick={() => setNote(note === null ? '' : null)} aria-expanded={note !== null}>
          {t('deliveries.giveUp')}
        </Button>
      </span>
      {note !== null && (
        <form
          className="dead-letter-note"
          onSubmit={(event) => {
            event.preventDefault();
            if (note.trim() !== '') settle.mutate({ command: 'give-up', note: note.trim() });
          }}
        >
          <Input
            value={note}
            maxLength={500}
            required
            aria-label={label}
            placeholder={label}
            onChange={(event) => setNote(event.target.value)}
          />
          <Button htmlType="submit" size="small" danger disabled={note.trim() === ''}>
            {t('deliveries.giveUp')}
          </Button>
        </form>
      )}
      {settle.isError && (
        <p className="bad" role="alert">
          {describeProblem(settle.error)}
        </p>
      )}
    </li>
  );
}

function Letters() {
  const { t } = useTranslation();
  const read = useDeadLetters(true);
  if (read.data === undefined)
    return read.isError ? (
      <FailureView error={read.error} onRetry={() => void read.refetch()} />
    ) : (
      <LoadingView label={t('states.loading')} />
    );
  if (read.data.length === 0) return <EmptyView title={t('deliveries.none')} hint={t('deliveries.noneHint')} />;
  return (
    <ul className="plain-list card dead-letters">
      {read.data.map((letter) => (
        <Letter key={`${letter.notice}/${letter.channel}`} letter={letter} />
      ))}
    </ul>
  );
}

/** Dead letters, for supervisors. */
export function DeliveriesPage() {
  const { t } = useTranslation();
  const session = useSession();
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('deliveries.title')}</h1>
      </div>
      <p className="muted">{t('deliveries.lead')}</p>
      {maySupervise(session) ? <Letters /> : <EmptyView title={t('deliveries.supervisors')} />}
    </div>
  );
}
