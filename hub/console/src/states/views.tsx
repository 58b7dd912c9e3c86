/** Loading, empty, failed, missing: what a room shows when it has nothing else to show. */
import { Button, Empty, Result, Spin } from 'antd';
import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ApiProblem, describeProblem } from '../api/problem.ts';
import { i18n } from '../i18n/index.ts';

export function LoadingView({ label }: { readonly label: string }) {
  return (
    <div className="state-view" role="status" aria-label={label}>
      <Spin />
    </div>
  );
}

export function EmptyView({ title, hint }: { readonly title: string; readonly hint?: string }) {
  return (
    <div className="state-view">
      <Empty
        image={Empty.PRESENTED_IMAGE_SIMPLE}
        description={
          <>
            <div className="state-title">{title}</div>
            {hint !== undefined && <div className="muted">{hint}</div>}
          </>
        }
      />
    </div>
  );
}

export function FailureView({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { t } = useTranslation();
  const code = error instanceof ApiProblem ? error.code : null;
  return (
    <div className="state-view" role="alert">
      <div className="state-title">{describeProblem(error)}</div>
      {code !== null && <code className="muted">{code}</code>}
      {onRetry !== undefined && <Button onClick={onRetry}>{t('states.retry')}</Button>}
    </div>
  );
}

/** What is shown could not be refreshed: it stays, marked as old. */
export function StaleNote({ error, text, onRetry }: { error: unknown; text: string; onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="stale-note" role="alert">
      <span>
        {text} {describeProblem(error)}
      </span>
      <Button size="small" onClick={onRetry}>
        {t('states.retry')}
      </Button>
    </div>
  );
}

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <Result
      status="info"
      icon={<span className="not-found-mark">404</span>}
      title={<h1 className="result-title">{t('states.notFound')}</h1>}
      subTitle={t('states.notFoundHint')}
      extra={
        <Link to="/review">
          <Button type="primary">{t('states.home')}</Button>
        </Link>
      }
    />
  );
}

type Failed = { readonly failed: boolean };

/** Catches a fault of the page itself and shows it with a way out. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, Failed> {
  override state: Failed = { failed: false };

  static getDerivedStateFromError(): Failed {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <div className="state-view" role="alert">
        <div className="state-title">{i18n.t('states.crashed')}</div>
        <button type="button" className="plain-button" onClick={() => window.location.reload()}>
          {i18n.t('states.reload')}
        </button>
      </div>
    );
  }
}
