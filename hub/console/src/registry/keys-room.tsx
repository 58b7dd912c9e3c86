/** `/registry/keys`: keys of systems that hand in reports. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiKeyBody, ApiKeyMade, ApiKeyView } from '../../../../contracts/api/api-key.ts';
import { type KeyPurpose, keyPurposes } from '../../../../contracts/api/case-source.ts';
import { keys } from '../api/keys.ts';
import { describeProblem } from '../api/problem.ts';
import { request } from '../api/request.ts';
import { fullTime } from '../format/time.ts';
import { wireWord } from '../i18n/index.ts';
import { EmptyView, FailureView, LoadingView } from '../states/views.tsx';
import { DoorField } from './door-field.tsx';
import { OnceSecret } from './once-secret.tsx';
import { TwiceButton } from './twice-button.tsx';

const PER_MINUTE = 60;

function KeyForm({ onMade }: { readonly onMade: (made: ApiKeyMade) => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [purpose, setPurpose] = useState<KeyPurpose>('hotline');
  const [perMinute, setPerMinute] = useState(String(PER_MINUTE));
  const make = useMutation({
    mutationFn: (body: ApiKeyBody) => request<ApiKeyMade>('/api-keys', { method: 'POST', body }),
    onSuccess: (made) => {
      setName('');
      onMade(made);
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.apiKeys }),
  });
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '') make.mutate({ name: name.trim(), purpose, perMinute: Number(perMinute) });
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
            placeholder={t('keysRoom.nameHint')}
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </DoorField>
      <DoorField label={t('keysRoom.purpose')}>
        {(id) => (
          <select id={id} value={purpose} onChange={({ target }) => setPurpose(target.value as KeyPurpose)}>
            {keyPurposes.map((one) => (
              <option key={one} value={one}>
                {wireWord('source', one)}
              </option>
            ))}
          </select>
        )}
      </DoorField>
      <DoorField label={t('keysRoom.perMinute')}>
        {(id) => (
          <Input
            id={id}
            type="number"
            min={1}
            max={6000}
            required
            value={perMinute}
            onChange={({ target }) => setPerMinute(target.value)}
          />
        )}
      </DoorField>
      <Button type="primary" htmlType="submit" loading={make.isPending} disabled={name.trim() === ''}>
        {t('doors.make')}
      </Button>
      {make.isError && (
        <p className="bad" role="alert">
          {describeProblem(make.error)}
        </p>
      )}
    </form>
  );
}

function KeyRow({ view }: { readonly view: ApiKeyView }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => request<void>(`/api-keys/${encodeURIComponent(view.id)}`, { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.apiKeys }),
  });
  const { name, purpose, perMinute, createdAt, createdBy, lastUsedAt, revokedAt, revokedBy } = view;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{wireWord('source', purpose)}</td>
      <td className="num">kw_{view.id}_…</td>
      <td className="num">{perMinute}</td>
      <td className="num">
        {fullTime(createdAt)} {createdBy}
      </td>
      <td className="num">{lastUsedAt === null ? t('keysRoom.never') : fullTime(lastUsedAt)}</td>
      <td className="wrap">
        {revokedAt === null ? (
          <span className="good">{t('keysRoom.valid')}</span>
        ) : (
          <span className="muted">{t('keysRoom.revoked', { at: fullTime(revokedAt), by: revokedBy })}</span>
        )}
        {revoke.isError && <span className="bad block">{describeProblem(revoke.error)}</span>}
      </td>
      <td>
        {revokedAt === null && (
          <TwiceButton word={t('keysRoom.revoke')} of={name} busy={revoke.isPending} onSure={() => revoke.mutate()} />
        )}
      </td>
    </tr>
  );
}

function KeyTable({ views }: { readonly views: readonly ApiKeyView[] }) {
  const { t } = useTranslation();
  if (views.length === 0) return <EmptyView title={t('doors.empty')} />;
  return (
    <div className="register-room">
      <table className="register-table">
        <thead>
          <tr>
            <th scope="col">{t('doors.name')}</th>
            <th scope="col">{t('keysRoom.purpose')}</th>
            <th scope="col">{t('keysRoom.key')}</th>
            <th scope="col">{t('keysRoom.perMinute')}</th>
            <th scope="col">{t('doors.createdAt')}</th>
            <th scope="col">{t('keysRoom.lastUsed')}</th>
            <th scope="col">{t('keysRoom.state')}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {views.map((view) => (
            <KeyRow key={view.id} view={view} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The form, the key that was just made, and every key. */
export function KeysRoom() {
  const { t } = useTranslation();
  const [made, setMade] = useState<ApiKeyMade | null>(null);
  const read = useQuery({ queryKey: keys.apiKeys, queryFn: () => request<ApiKeyView[]>('/api-keys') });
  return (
    <>
      <p className="muted">{t('keysRoom.lead')}</p>
      <KeyForm onMade={setMade} />
      {made !== null && (
        <OnceSecret
          key={made.id}
          label={`${t('keysRoom.key')} · ${made.name}`}
          secret={made.key}
          onDone={() => setMade(null)}
        />
      )}
      {read.isPending && <LoadingView label={t('states.loading')} />}
      {read.isError && read.data === undefined && (
        <FailureView error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.data !== undefined && <KeyTable views={read.data} />}
    </>
  );
}
