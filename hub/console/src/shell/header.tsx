/** The bar on top: where one can go, what waits, whether it is live, language, theme, account. */
import { LogoutOutlined, MoonOutlined, SunOutlined } from '@ant-design/icons';
import { Button, Tooltip } from 'antd';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import { useCasePage, useDeadLetters } from '../api/reads.ts';
import { useStreamState } from '../api/stream.tsx';
import { currentLanguage, switchLanguage } from '../i18n/index.ts';
import mark from './mark.svg';
import { maySupervise, placesOf, useLogout, useSession } from './session.tsx';
import { useTheme } from './theme-choice.tsx';

/** Cases that wait for a decision, from the counts that every page of cases carries. */
export function useWaitingCount(): number | undefined {
  return useCasePage({ state: 'pending-review', order: 'oldest', limit: 1 }).data?.counts['pending-review'];
}

/** Switches between Chinese and English. */
export function LanguageButton() {
  const { t } = useTranslation();
  return (
    <Button
      type="text"
      size="small"
      aria-label={t('shell.languageHint')}
      onClick={() => void switchLanguage(currentLanguage() === 'zh' ? 'en' : 'zh')}
    >
      {t('shell.language')}
    </Button>
  );
}

/** Switches between dark and light. */
export function ThemeButton() {
  const { t } = useTranslation();
  const { theme, toggle } = useTheme();
  return (
    <Button
      type="text"
      size="small"
      aria-label={t('shell.theme')}
      icon={theme === 'dark' ? <SunOutlined /> : <MoonOutlined />}
      onClick={toggle}
    />
  );
}

function LiveMark() {
  const { t } = useTranslation();
  const state = useStreamState();
  const word = state === 'open' ? t('shell.live') : state === 'down' ? t('nodes.offline') : t('shell.connecting');
  return (
    <span className={`live live-${state}`} role="status">
      <span className="live-dot" aria-hidden="true" />
      <span className="live-word">{word}</span>
    </span>
  );
}

function useTabTitle(waiting: number | undefined): void {
  const { t } = useTranslation();
  const name = t('app.short');
  useEffect(() => {
    document.title = waiting !== undefined && waiting > 0 ? `(${waiting}) ${name}` : name;
  }, [waiting, name]);
}

function Account() {
  const { t } = useTranslation();
  const { user } = useSession();
  const logout = useLogout();
  const places = placesOf(user.scope).join('、');
  return (
    <div className="account">
      <NavLink to="/account" className="account-name">
        {user.displayName}
        <span className="muted"> · {t(`role.${user.role}`)}</span>
        {places !== '' && (
          <span className="account-scope" title={t('access.confined', { places })}>
            {places}
          </span>
        )}
      </NavLink>
      <Tooltip title={t('shell.logout')}>
        <Button
          type="text"
          size="small"
          aria-label={t('shell.logout')}
          icon={<LogoutOutlined />}
          onClick={() => void logout()}
        />
      </Tooltip>
    </div>
  );
}

/** Seen while something waits there: a notice that nobody got is a supervisor's to know. */
function DeliveriesLink() {
  const { t } = useTranslation();
  const dead = useDeadLetters(maySupervise(useSession())).data?.length ?? 0;
  if (dead === 0) return null;
  return (
    <NavLink to="/deliveries">
      {t('nav.deliveries')}
      <span className="nav-count" title={t('deliveries.title')}>
        {dead}
      </span>
    </NavLink>
  );
}

/** The bar; it also puts the count of waiting cases into the tab’s title. */
export function Header() {
  const { t } = useTranslation();
  const waiting = useWaitingCount();
  const { user } = useSession();
  useTabTitle(waiting);
  return (
    <header className="header">
      <a className="skip" href="#content">
        {t('nav.skip')}
      </a>
      <NavLink to="/review" className="brand" aria-label={t('app.short')}>
        <img src={mark} alt="" width={26} height={26} />
        <span>{t('app.short')}</span>
      </NavLink>
      <nav className="nav" aria-label={t('nav.main')}>
        <NavLink to="/review">
          {t('nav.review')}
          {waiting !== undefined && waiting > 0 && (
            <span className="nav-count" title={t('shell.waiting', { count: waiting })}>
              {waiting}
            </span>
          )}
        </NavLink>
        <NavLink to="/cases">{t('nav.cases')}</NavLink>
        {user.scope === undefined && <NavLink to="/nodes">{t('nav.nodes')}</NavLink>}
        {user.scope === undefined && <NavLink to="/reports">{t('reports.nav')}</NavLink>}
        <DeliveriesLink />
        <NavLink to="/registry">{t('nav.registry')}</NavLink>
      </nav>
      <div className="header-end">
        <LiveMark />
        <LanguageButton />
        <ThemeButton />
        <Account />
      </div>
    </header>
  );
}
