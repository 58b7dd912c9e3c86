/** The log-in page. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, useNavigate, useSearchParams } from 'react-router';
import type { LoginBody, Session } from '../../../../contracts/api/session.ts';
import { keys } from '../api/keys.ts';
import { describeProblem } from '../api/problem.ts';
import { readSession } from '../api/reads.ts';
import { rememberCsrf, request } from '../api/request.ts';
import { LanguageButton, ThemeButton } from '../shell/header.tsx';
import mark from '../shell/mark.svg';
import { DemoLogins } from './demo-logins.tsx';
import { ProviderLogin } from './provider-login.tsx';

/** Only addresses of this console: a foreign `next` would make the log-in page a springboard. */
function safeNext(next: string | null): string {
  return next?.startsWith('/') && !next.startsWith('//') && !next.includes('\\') ? next : '/review';
}

function useLogin() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (body: LoginBody) => {
    setBusy(true);
    setFailure(null);
    try {
      const session = await request<Session>('/session', { method: 'POST', body });
      rememberCsrf(session.csrf);
      client.setQueryData(keys.session, session);
      await navigate(safeNext(search.get('next')), { replace: true });
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return { submit, failure, busy };
}

/** `/login`; afterwards the page that was asked for. */
export function LoginPage() {
  const { t } = useTranslation();
  const [form] = Form.useForm<LoginBody>();
  const [search] = useSearchParams();
  const { submit, failure, busy } = useLogin();
  const session = useQuery({ queryKey: keys.session, queryFn: readSession, retry: false });
  if (session.isSuccess) return <Navigate to={safeNext(search.get('next'))} replace />;
  return (
    <main className="login">
      <div className="login-corner">
        <LanguageButton />
        <ThemeButton />
      </div>
      <section className="login-card">
        <div className="login-brand">
          <img src={mark} alt="" width={44} height={44} />
          <div>
            <h1>{t('app.name')}</h1>
            <p className="muted">{t('app.tagline')}</p>
          </div>
        </div>
        {failure !== null && <Alert type="error" showIcon title={describeProblem(failure)} role="alert" />}
        <Form form={form} layout="vertical" requiredMark={false} onFinish={(body) => void submit(body)}>
          <Form.Item name="name" label={t('login.name')} rules={[{ required: true, message: t('login.nameMissing') }]}>
            <Input size="large" autoComplete="username" autoFocus maxLength={64} />
          </Form.Item>
          <Form.Item
            name="password"
            label={t('login.password')}
            rules={[{ required: true, message: t('login.passwordMissing') }]}
          >
            <Input.Password size="large" autoComplete="current-password" maxLength={200} />
          </Form.Item>
          <Button type="primary" htmlType="submit" size="large" block loading={busy}>
            {t('login.submit')}
          </Button>
        </Form>
        <ProviderLogin next={search.get('next')} refused={search.get('refused')} />
        <DemoLogins onUse={(body) => void submit(body)} />
      </section>
    </main>
  );
}
