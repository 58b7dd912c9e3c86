/** `/account`: one's own password. */
import { App, Button, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PasswordChange } from '../../../../contracts/api/session.ts';
import { describeProblem } from '../api/problem.ts';
import { request } from '../api/request.ts';
import { placesOf, useSession } from '../shell/session.tsx';

const MIN_LENGTH = 12;
const FIELDS = ['current', 'fresh', 'again'] as const;
const EMPTY = { current: '', fresh: '', again: '' };

/** Knowing the old password shows that it is she, and no open desk; every other session of hers ends. */
export function AccountPage() {
  const { t } = useTranslation();
  const { user } = useSession();
  const { message } = App.useApp();
  const [texts, setTexts] = useState(EMPTY);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    const { current, fresh: password, again } = texts;
    const fault = password.length < MIN_LENGTH ? 'short' : password !== again ? 'differs' : null;
    setRefusal(fault && t(`account.${fault}`));
    if (fault) return;
    setBusy(true);
    try {
      const body: PasswordChange = { current, password };
      await request<void>('/session/password', { method: 'POST', body });
      setTexts(EMPTY);
      void message.success(t('account.changed'));
    } catch (error) {
      setRefusal(describeProblem(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className="page">
      <h1>{t('account.title')}</h1>
      <p className="muted">
        {user.displayName} · {user.name} · {t(`role.${user.role}`)} ·{' '}
        {user.scope ? t('access.confined', { places: placesOf(user.scope).join('、') }) : t('access.city')}
      </p>
      <form className="card account-form" onSubmit={(event) => void save(event)}>
        <h2>{t('account.password')}</h2>
        {FIELDS.map((field) => (
          <div key={field} className="account-field">
            <label htmlFor={`account-${field}`}>{t(`account.${field}`)}</label>
            <Input.Password
              required
              id={`account-${field}`}
              value={texts[field]}
              autoComplete={field === 'current' ? 'current-password' : 'new-password'}
              onChange={({ target }) => setTexts({ ...texts, [field]: target.value })}
            />
          </div>
        ))}
        {refusal !== null && (
          <p className="refusal" role="alert">
            {refusal}
          </p>
        )}
        <Button type="primary" htmlType="submit" loading={busy}>
          {t('account.save')}
        </Button>
      </form>
    </div>
  );
}
