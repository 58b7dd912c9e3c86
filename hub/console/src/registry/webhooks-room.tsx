/** `/registry/webhooks`: systems that are told of changes, and messages that did not get there. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type {
  WebhookDelivery,
  WebhookDeliveryCommand,
  WebhookMade,
  WebhookView,
} from '../../../../contracts/api/webhook.ts';
import { keys } from '../api/keys.ts';
import { describeProblem } from '../api/problem.ts';
import { request } from '../api/request.ts';
import { fullTime } from '../format/time.ts';
import { EmptyView, FailureView, LoadingView } from '../states/views.tsx';
import { OnceSecret } from './once-secret.tsx';
import { TwiceButton } from './twice-button.tsx';
import { useEventWord, WebhookForm } from './webhook-form.tsx';

function WebhookRow({ view }: { readonly view: WebhookView }) {
  const { t } = useTranslation();
  const word = useEventWord();
  const client = useQueryClient();
  const path = `/webhooks/${encodeURIComponent(view.id)}`;
  const onSettled = () => client.invalidateQueries({ queryKey: keys.webhooks });
  const flip = useMutation({
    mutationFn: () => request<WebhookView>(path, { method: 'PATCH', body: { enabled: !view.enabled } }),
    onSettled,
  });
  const remove = useMutation({ mutationFn: () => request<void>(path, { method: 'DELETE' }), onSettled });
  const error = flip.error ?? remove.error;
  return (
    <tr>
      <th scope="row">{view.name}</th>
      <td title={view.url}>{view.url}</td>
      <td className="wrap">{view.events.map(word).join(' · ')}</td>
      <td>
        <span className={view.enabled ? 'good' : 'muted'}>
          {t(view.enabled ? 'webhooksRoom.on' : 'webhooksRoom.off')}
        </span>
        {error !== null && <span className="bad block">{describeProblem(error)}</span>}
      </td>
      <td className="num">{view.queued}</td>
      <td className={view.dead > 0 ? 'num bad' : 'num'}>{view.dead}</td>
      <td>
        <span className="door-steps">
          <Button
            size="small"
            loading={flip.isPending}
            aria-label={`${t(view.enabled ? 'webhooksRoom.turnOff' : 'webhooksRoom.turnOn')}: ${view.name}`}
            onClick={() => flip.mutate()}
          >
            {t(view.enabled ? 'webhooksRoom.turnOff' : 'webhooksRoom.turnOn')}
          </Button>
          <TwiceButton
            word={t('webhooksRoom.remove')}
            of={view.name}
            busy={remove.isPending}
            onSure={() => remove.mutate()}
          />
        </span>
      </td>
    </tr>
  );
}

function WebhookTable({ views }: { readonly views: readonly WebhookView[] }) {
  const { t } = useTranslation();
  if (views.length === 0) return <EmptyView title={t('doors.empty')} />;
  const heads = ['url', 'events', 'state', 'queued', 'dead'] as const;
  return (
    <div className="register-room">
      <table className="register-table">
        <thead>
          <tr>
            <th scope="col">{t('doors.name')}</th>
            {heads.map((head) => (
              <th key={head} scope="col">
                {t(`webhooksRoom.${head}`)}
              </th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {views.map((view) => (
            <WebhookRow key={view.id} view={view} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function LetterRow({ letter, name }: { readonly letter: WebhookDelivery; readonly name: string }) {
  const { t } = useTranslation();
  const word = useEventWord();
  const client = useQueryClient();
  const settle = useMutation({
    mutationFn: (body: WebhookDeliveryCommand) =>
      request<void>(`/webhooks/dead-letters/${encodeURIComponent(letter.id)}`, { method: 'POST', body }),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: keys.webhookLetters });
      await client.invalidateQueries({ queryKey: keys.webhooks });
    },
  });
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{word(letter.event)}</td>
      <td>
        <Link className="num" to={`/cases/${encodeURIComponent(letter.case)}`}>
          {letter.number}
        </Link>
      </td>
      <td className="num">{fullTime(letter.at)}</td>
      <td className="num">{letter.attempts}</td>
      <td className="wrap">{settle.isError ? describeProblem(settle.error) : letter.reason}</td>
      <td>
        <span className="door-steps">
          <Button size="small" loading={settle.isPending} onClick={() => settle.mutate({ command: 'retry' })}>
            {t('webhooksRoom.again')}
          </Button>
          <Button size="small" onClick={() => settle.mutate({ command: 'give-up' })}>
            {t('webhooksRoom.giveUp')}
          </Button>
        </span>
      </td>
    </tr>
  );
}

function Letters({ views }: { readonly views: readonly WebhookView[] }) {
  const { t } = useTranslation();
  const read = useQuery({
    queryKey: keys.webhookLetters,
    queryFn: () => request<WebhookDelivery[]>('/webhooks/dead-letters'),
  });
  if (read.data === undefined || read.data.length === 0)
    return <p className="muted">{read.isError ? describeProblem(read.error) : t('webhooksRoom.noLetters')}</p>;
  return (
    <div className="register-room">
      <table className="register-table">
        <thead>
          <tr>
            {[
              t('doors.name'),
              t('webhooksRoom.event'),
              t('webhooksRoom.number'),
              t('doors.createdAt'),
              t('webhooksRoom.attempts'),
              t('webhooksRoom.reason'),
            ].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {read.data.map((letter) => (
            <LetterRow
              key={letter.id}
              letter={letter}
              name={views.find(({ id }) => id === letter.webhook)?.name ?? letter.webhook}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The form, the secret that was just made, every webhook, and what did not get there. */
export function WebhooksRoom() {
  const { t } = useTranslation();
  const [made, setMade] = useState<WebhookMade | null>(null);
  const read = useQuery({ queryKey: keys.webhooks, queryFn: () => request<WebhookView[]>('/webhooks') });
  return (
    <>
      <p className="muted">{t('webhooksRoom.lead')}</p>
      <WebhookForm onMade={setMade} />
      {made !== null && (
        <OnceSecret
          key={made.id}
          label={`${t('webhooksRoom.secret')} · ${made.name}`}
          secret={made.secret}
          onDone={() => setMade(null)}
        />
      )}
      {read.isPending && <LoadingView label={t('states.loading')} />}
      {read.isError && read.data === undefined && (
        <FailureView error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.data !== undefined && <WebhookTable views={read.data} />}
      <h2 className="door-letters">{t('webhooksRoom.letters')}</h2>
      <Letters views={read.data ?? []} />
    </>
  );
}
