/** The session: who is logged in; without one the log-in page alone is shown. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, useLocation } from 'react-router';
import type { Session } from '../../../../contracts/api/session.ts';
import { keys } from '../api/keys.ts';
import { isProblem } from '../api/problem.ts';
import { readSession } from '../api/reads.ts';
import { request } from '../api/request.ts';
import { FailureView, LoadingView } from '../states/views.tsx';

const SessionContext = createContext<Session | null>(null);

/** Only below `RequireSession`. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('useSession is used outside RequireSession');
  return session;
}

/** Whether the role may do more than look. */
export function mayDecide(session: Session): boolean {
  return session.user.role !== 'viewer' && session.user.role !== 'unit';
}

/** An evidence package leaves the house: the hub gives it to supervisors and above. */
export function mayExport(session: Session): boolean {
  return session.user.role === 'supervisor' || session.user.role === 'admin';
}

/** Everything that a user is confined to; empty: nothing confines. */
export function placesOf(scope: Session['user']['scope']): readonly string[] {
  const { districts = [], sites = [], units = [] } = scope ?? {};
  return [...districts, ...sites, ...units];
}

/** Cameras are set up by supervisors and above. */
export function maySupervise(session: Session): boolean {
  return mayExport(session);
}

/** Shows its children to who is logged in, else the log-in page. */
export function RequireSession({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation();
  const location = useLocation();
  const session = useQuery({ queryKey: keys.session, queryFn: readSession, staleTime: Number.POSITIVE_INFINITY });
  if (session.isPending) return <LoadingView label={t('states.loading')} />;
  if (isProblem(session.error, 'API_UNAUTHENTICATED')) {
    const next = `${location.pathname}${location.search}`;
    return <Navigate to={next === '/' ? '/login' : `/login?next=${encodeURIComponent(next)}`} replace />;
  }
  if (session.data === undefined) return <FailureView error={session.error} onRetry={() => void session.refetch()} />;
  return <SessionContext value={session.data}>{children}</SessionContext>;
}

/** Ends the session at the hub and forgets what was read. */
export function useLogout(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await request<void>('/session', { method: 'DELETE' });
    client.clear();
    // A full load drops everything the page has seen.
    window.location.assign('/login');
  };
}
