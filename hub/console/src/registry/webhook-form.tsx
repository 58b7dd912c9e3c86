/** A new webhook: whose, where to, and what it is told of. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type WebhookBody,
  type WebhookEvent,
  type WebhookMade,
  webhookEvents,
} from '../../../../contracts/api/webhook.ts';
import { keys } from '../api/keys.ts';
import { ApiProblem, describeProblem } from '../api/problem.ts';
import { request } from '../api/request.ts';
import { wireWord } from '../i18n/index.ts';
import { DoorField } from './door-field.tsx';

/** What most systems want to know. */
const USUAL: readonly WebhookEvent[] = ['case.opened', 'case.filed', 'case.closed'];

/** A change in words: the state that a case has come into. */
export function useEventWord(): (event: WebhookEvent) => string {
  const { t } = useTranslation();
  return (event) =>
    event === 'case.opened' ? t('webhooksRoom.opened') : wireWord('state', event.slice('case.'.length));
}

type EventsProps = { readonly chosen: ReadonlySet<WebhookEvent>; readonly onFlip: (event: WebhookEvent) => void };

function Events({ chosen, onFlip }: EventsProps) {
  const { t } = useTranslation();
  const word = useEventWord();
  return (
    <fieldset className="door-events">
      <legend>{t('webhooksRoom.events')}</legend>
      {webhookEvents.map((event) => (
        <label key={event}>
          <input type="checkbox" checked={chosen.has(event)} onChange={() => onFlip(event)} />
          {word(event)}
        </label>
      ))}
    </fieldset>
  );
}

const faultOf = (error: Error) =>
  (error instanceof ApiProblem && error.problem?.errors?.map(({ message }) => message).join('; ')) ||
  describeProblem(error);

/** @param onMade given the webhook with its secret, which is not said again */
export function WebhookForm({ onMade }: { readonly onMade: (made: WebhookMade) => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [url, setUrl] = useState('');
  const [events, setEvents] = useState<ReadonlySet<WebhookEvent>>(new Set(USUAL));
  const make = useMutation({
    mutationFn: (body: WebhookBody) => request<WebhookMade>('/webhooks', { method: 'POST', body }),
    onSuccess: (made) => {
      setName('');
      setUrl('');
      onMade(made);
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.webhooks }),
  });
  const ready = name.trim() !== '' && url.trim() !== '' && events.size > 0;
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (ready) make.mutate({ name: name.trim(), url: url.trim(), events: [...events] });
  };
  const flip = (event: WebhookEvent) => {
    const next = new Set(events);
    if (!next.delete(event)) next.add(event);
    setEvents(next);
  };
  return (
    <form className="card door-form" onSubmit={save}>
      <DoorField label={t('doors.name')}>
        {(id) => (
          <Input
            id={id}
            value={name}
            maxLength={60}
            required
            placeholder={t('webhooksRoom.nameHint')}
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </DoorField>
      <DoorField wide label={t('webhooksRoom.url')}>
        {(id) => (
          <Input
            id={id}
            type="url"
            value={url}
            maxLength={500}
            required
            placeholder={t('webhooksRoom.urlHint')}
            onChange={({ target }) => setUrl(target.value)}
          />
        )}
      </DoorField>
      <Events chosen={events} onFlip={flip} />
      <Button type="primary" htmlType="submit" loading={make.isPending} disabled={!ready}>
        {t('doors.make')}
      </Button>
      {make.isError && (
        <p className="bad" role="alert">
          {faultOf(make.error)}
        </p>
      )}
    </form>
  );
}
