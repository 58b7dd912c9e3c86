/** The demo's log-ins, offered where the hub says that it runs the demo. */
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { DemoLogins as DemoAnswer, LoginBody } from '../../../../contracts/api/session.ts';
import { request } from '../api/request.ts';

/** Log-ins that a demo hub publishes; nothing on any other. */
export function DemoLogins({ onUse }: { readonly onUse: (body: LoginBody) => void }) {
  const { t } = useTranslation();
  const answer = useQuery({ queryKey: ['demo'], queryFn: () => request<DemoAnswer>('/demo'), retry: false });
  const logins = answer.data?.demo === true ? answer.data.logins : [];
  if (logins.length === 0) return null;
  return (
    <div className="demo-logins">
      <h2>{t('login.demoTitle')}</h2>
      <ul className="plain-list">
        {logins.map((login) => (
          <li key={login.name} className="plain-row">
            <code>{login.name}</code>
            <code>{login.password}</code>
            <Button size="small" onClick={() => onUse(login)}>
              {t('login.demoUse', { name: login.name })}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
