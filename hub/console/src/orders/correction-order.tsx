/** The correction order of a notice: drafted here, finished by people, printed to be signed and sealed; nothing here sends it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CorrectionOrderCommand, CorrectionOrderView } from '../../../../contracts/api/correction-order.ts';
import { keys } from '../api/keys.ts';
import { describeProblem, isProblem } from '../api/problem.ts';
import { apiUrl, type Change, request } from '../api/request.ts';
import { wireWord } from '../i18n/index.ts';
import { maySupervise, useSession } from '../shell/session.tsx';
import { OrderForm } from './order-form.tsx';

const pathOf = (notice: string) => `/notices/${encodeURIComponent(notice)}/correction-order`;

/** Null where none was drafted. */
function useOrder(notice: string) {
  return useQuery({
    queryKey: keys.order(notice),
    queryFn: () =>
      request<CorrectionOrderView>(pathOf(notice)).catch((error: unknown) => {
        if (isProblem(error, 'API_NOT_FOUND')) return null;
        throw error;
      }),
  });
}

function useStep(notice: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ path = '', ...change }: Change & { readonly path?: string }) =>
      request<CorrectionOrderView>(`${pathOf(notice)}${path}`, change),
    onSettled: () => client.invalidateQueries({ queryKey: keys.order(notice) }),
  });
}

type Step = ReturnType<typeof useStep>;

/** Signed, sealed and handed over: how, to whom, on which day. */
function ServedForm({ onServed }: { readonly onServed: (command: CorrectionOrderCommand) => void }) {
  const { t } = useTranslation();
  const [method, setMethod] = useState('');
  const [recipient, setRecipient] = useState('');
  const [on, setOn] = useState('');
  return (
    <form
      className="order-officer"
      onSubmit={(event) => {
        event.preventDefault();
        onServed({ command: 'served', method: method.trim(), recipient: recipient.trim(), on });
      }}
    >
      <Input
        required
        value={method}
        maxLength={120}
        placeholder={t('order.method')}
        aria-label={t('order.method')}
        onChange={(event) => setMethod(event.target.value)}
      />
      <Input
        required
        value={recipient}
        maxLength={60}
        placeholder={t('order.recipient')}
        aria-label={t('order.recipient')}
        onChange={(event) => setRecipient(event.target.value)}
      />
      <Input
        required
        type="date"
        value={on}
        aria-label={t('order.servedOn')}
        onChange={(event) => setOn(event.target.value)}
      />
      <Button htmlType="submit" size="small">
        {t('order.served')}
      </Button>
    </form>
  );
}

/** Taken back, with the reason that stays in the case's trail. */
function CancelForm({ onCancel }: { readonly onCancel: (command: CorrectionOrderCommand) => void }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [note, setNote] = useState('');
  if (!open)
    return (
      <Button size="small" danger onClick={() => setOpen(true)}>
        {t('order.cancel')}
      </Button>
    );
  return (
    <form
      className="order-officer"
      onSubmit={(event) => {
        event.preventDefault();
        onCancel({ command: 'cancel', note: note.trim() });
      }}
    >
      <Input
        required
        autoFocus
        value={note}
        maxLength={500}
        placeholder={t('order.cancelWhy')}
        aria-label={t('order.cancelWhy')}
        onChange={(event) => setNote(event.target.value)}
      />
      <Button htmlType="submit" size="small" danger disabled={note.trim() === ''}>
        {t('order.cancelNow')}
      </Button>
      <Button size="small" onClick={() => setOpen(false)}>
        {t('order.keep')}
      </Button>
    </form>
  );
}

function OrderSteps({ order, step }: { readonly order: CorrectionOrderView; readonly step: Step }) {
  const { t } = useTranslation();
  const session = useSession();
  const give = (body: CorrectionOrderCommand) =>
    step.mutate({ method: 'POST', path: '/commands', body, ifMatch: order.version });
  if (!maySupervise(session)) return null;
  const isWriter = order.editedBy === session.user.name;
  return (
    <>
      {order.state === 'draft' && (
        <Button
          size="small"
          disabled={order.missing.length > 0 || isWriter}
          title={isWriter ? t('order.otherPerson') : undefined}
          onClick={() => give({ command: 'approve' })}
        >
          {t('order.approve')}
        </Button>
      )}
      {order.state === 'approved' && <ServedForm onServed={give} />}
      {order.state !== 'cancelled' && <CancelForm onCancel={give} />}
    </>
  );
}

function Order({ order, step }: { readonly order: CorrectionOrderView; readonly step: Step }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const missing = order.missing.map((name) => wireWord('order', name)).join(', ');
  return (
    <>
      <Tag>{wireWord('order_state', order.state)}</Tag>
      {order.state === 'draft' && missing !== '' && (
        <span className="muted">{t('order.missing', { what: missing })}</span>
      )}
      {order.approvedBy !== null && <span className="muted">{t('order.approvedBy', { name: order.approvedBy })}</span>}
      {order.cancelled !== null && (
        <span className="muted">{t('order.cancelledBy', { name: order.cancelled.by, why: order.cancelled.why })}</span>
      )}
      <a href={apiUrl(`${pathOf(order.notice)}.pdf`)} target="_blank" rel="noreferrer">
        {t('file.pdf')}
      </a>
      {order.state === 'draft' && (
        <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t('order.fill')}
        </Button>
      )}
      <OrderSteps order={order} step={step} />
      {open && order.state === 'draft' && (
        <OrderForm
          key={order.version}
          fields={order.fields}
          saving={step.isPending}
          onSave={(body) => step.mutate({ method: 'PUT', body, ifMatch: order.version })}
        />
      )}
    </>
  );
}

/** For operators and above; shows nothing while it is asked for. */
export function CorrectionOrder({ notice }: { readonly notice: string }) {
  const { t } = useTranslation();
  const read = useOrder(notice);
  const step = useStep(notice);
  if (read.data === undefined) return null;
  return (
    <section className="plain-row order" aria-label={t('order.title')}>
      <strong>{t('order.title')}</strong>
      {read.data === null ? (
        <Button size="small" loading={step.isPending} onClick={() => step.mutate({ method: 'POST' })}>
          {t('order.draft')}
        </Button>
      ) : (
        <Order order={read.data} step={step} />
      )}
      {step.isError && (
        <p className="bad" role="alert">
          {describeProblem(step.error)}
        </p>
      )}
    </section>
  );
}
