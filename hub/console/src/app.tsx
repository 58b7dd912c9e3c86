/** Providers and addresses: the only file that knows every room. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { App as AntApp, ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { lazy, type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { BrowserRouter, Navigate, Route, Routes } from 'react-router';
import { AccountPage } from './account/page.tsx';
import { keys } from './api/keys.ts';
import { ApiProblem, isPassing, isProblem } from './api/problem.ts';
import { pollWhileFailing } from './api/reads.ts';
import { StreamProvider } from './api/stream.tsx';
import { CaseLooksPage } from './case-file/looks.tsx';
import { CaseFilePage } from './case-file/page.tsx';
import { CasesPage } from './cases/page.tsx';
import { DeliveriesPage } from './deliveries/page.tsx';
import { LoginPage } from './login/page.tsx';
import { MemoryPage } from './memory/page.tsx';
import { NodesPage } from './nodes/page.tsx';
import { RegistryPage } from './registry/page.tsx';
import { ReviewPage } from './review/page.tsx';
import { Layout } from './shell/layout.tsx';
import { RequireSession } from './shell/session.tsx';
import { ThemeProvider, useTheme } from './shell/theme-choice.tsx';
import { ErrorBoundary, LoadingView, NotFoundPage } from './states/views.tsx';
import { themeFor } from './theme.ts';
import { UnitCasePage } from './unit/case-page.tsx';
import { UnitListPage } from './unit/list-page.tsx';

/** Its charts are as large as all other rooms together: they are loaded when somebody goes there. */
const ReportsPage = lazy(async () => ({ default: (await import('./reports/page.tsx')).ReportsPage }));

/** A refusal is an answer; only silence and faults of the hub are tried again. */
function worthRetry(failures: number, error: Error): boolean {
  return failures < 2 && (!(error instanceof ApiProblem) || isPassing(error));
}

function createQueries(): QueryClient {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        ...{ retry: worthRetry, staleTime: 2_000, refetchOnWindowFocus: true },
        refetchInterval: ({ state }) => pollWhileFailing(state.error),
      },
    },
  });
  // A session that ends while one works shows the log-in page, whatever was asked for.
  client.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated' || event.action.type !== 'error') return;
    if (event.query.queryKey[0] === 'session' || !isProblem(event.action.error, 'API_UNAUTHENTICATED')) return;
    void client.invalidateQueries({ queryKey: keys.session });
  });
  return client;
}

const queries = createQueries();

function Themed({ children }: { readonly children: ReactNode }) {
  const { i18n } = useTranslation();
  const { theme } = useTheme();
  return (
    <ConfigProvider
      theme={themeFor(theme)}
      locale={i18n.language === 'en' ? enUS : zhCN}
      button={{ autoInsertSpace: false }}
    >
      <AntApp>{children}</AntApp>
    </ConfigProvider>
  );
}

function SignedIn() {
  return (
    <RequireSession>
      <StreamProvider>
        <Layout />
      </StreamProvider>
    </RequireSession>
  );
}

function Reports() {
  const { t } = useTranslation();
  return (
    <Suspense fallback={<LoadingView label={t('states.loading')} />}>
      <ReportsPage />
    </Suspense>
  );
}

/** The whole console. */
export function App() {
  return (
    <ErrorBoundary>
      <QueryClientProvider client={queries}>
        <ThemeProvider>
          <Themed>
            <BrowserRouter>
              <Routes>
                <Route path="/login" element={<LoginPage />} />
                <Route element={<SignedIn />}>
                  <Route index element={<Navigate to="/review" replace />} />
                  <Route path="/review" element={<ReviewPage />} />
                  <Route path="/cases" element={<CasesPage />} />
                  <Route path="/cases/:id" element={<CaseFilePage />} />
                  <Route path="/cases/:id/audit" element={<CaseLooksPage />} />
                  <Route path="/nodes" element={<NodesPage />} />
                  <Route path="/reports" element={<Reports />} />
                  <Route path="/deliveries" element={<DeliveriesPage />} />
                  <Route path="/cameras/:id/memory" element={<MemoryPage />} />
                  <Route path="/unit" element={<UnitListPage />} />
                  <Route path="/unit/:id" element={<UnitCasePage />} />
                  <Route path="/registry" element={<RegistryPage />} />
                  <Route path="/registry/:room" element={<RegistryPage />} />
                  <Route path="/account" element={<AccountPage />} />
                  <Route path="*" element={<NotFoundPage />} />
                </Route>
              </Routes>
            </BrowserRouter>
          </Themed>
        </ThemeProvider>
      </QueryClientProvider>
    </ErrorBoundary>
  );
}
