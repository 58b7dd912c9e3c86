/** The frame around every room: header, banners, the room itself. */
import { useTranslation } from 'react-i18next';
import { Navigate, Outlet, useLocation } from 'react-router';
import { useStreamState } from '../api/stream.tsx';
import { ErrorBoundary } from '../states/views.tsx';
import { UnitHeader } from '../unit/header.tsx';
import { Header } from './header.tsx';
import { useSession } from './session.tsx';

/** Header, banners and the page within. */
export function Layout() {
  const { t } = useTranslation();
  const stream = useStreamState();
  const { demo, user } = useSession();
  const { pathname } = useLocation();
  const ofUnit = user.role === 'unit';
  const onUnitPage = /^\/unit(\/|$)/.test(pathname);
  // A unit has pages of its own, and the office has no unit of which to show any.
  if (ofUnit !== onUnitPage) return <Navigate to={ofUnit ? '/unit' : '/review'} replace />;
  return (
    <div className="layout">
      {demo && <div className="demo-ribbon">{t('shell.demoHint')}</div>}
      {ofUnit ? <UnitHeader /> : <Header />}
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
