/** The frame around every room: header, banners, the room itself. */
import { useTranslation } from 'react-i18next';
import { Outlet } from 'react-router';
import { useStreamState } from '../api/stream.tsx';
import { ErrorBoundary } from '../states/views.tsx';
import { Header } from './header.tsx';
import { useSession } from './session.tsx';

export function Layout() {
  const { t } = useTranslation();
  const stream = useStreamState();
  const { demo } = useSession();
  return (
    <div className="layout">
      {demo && <div className="demo-ribbon">{t('shell.demoHint')}</div>}
      <Header />
      {stream === 'down' && (
        <div className="offline-banner" role="alert">
          {t('shell.offline')}
        </div>
      )}
      <main id="content" className="content" tabIndex={-1}>
        <ErrorBoundary>
          <Outlet />
        </ErrorBoundary>
      </main>
    </div>
  );
}
