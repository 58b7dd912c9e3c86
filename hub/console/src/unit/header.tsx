/** The bar of a unit's pages: who, on duty or not, language, theme, log-out. */
import { LogoutOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import { useUnits } from '../api/units.ts';
import { dayTime } from '../format/time.ts';
import { inLanguage } from '../i18n/index.ts';
import { LanguageButton, ThemeButton } from '../shell/header.tsx';
import mark from '../shell/mark.svg';
import { useLogout, useSession } from '../shell/session.tsx';

function DutyLine() {
  const { t } = useTranslation();
  const { user } = useSession();
  const unit = useUnits().data?.[0];
  const duty = unit?.duty;
  const until = duty?.until ?? null;
  return (
    <p className="unit-duty">
      <strong>{inLanguage(unit?.name, user.unit ?? '')}</strong>
      {duty !== undefined && (
        <span className="muted">
          {duty.onDuty && until !== null
            ? t('unit.onDuty', { shift: duty.shift ?? '', until: dayTime(until).slice(0, -3) })
            : t('unit.offDuty')}
        </span>
      )}
    </p>
  );
}

/** Fits a phone of 390 px. */
export function UnitHeader() {
  const { t } = useTranslation();
  const logout = useLogout();
  const name = t('app.short');
  useEffect(() => {
    document.title = name;
  }, [name]);
  return (
    <header className="unit-header">
      <a className="skip" href="#content">
        {t('nav.skip')}
      </a>
      <nav className="nav unit-nav" aria-label={t('unit.nav')}>
        <NavLink to="/unit" className="brand" aria-label={`${name} · ${t('unit.title')}`}>
          <img src={mark} alt="" width={26} height={26} />
          <span>{name}</span>
        </NavLink>
      </nav>
      <div className="header-end">
        <LanguageButton />
        <ThemeButton />
        <Button type="text" aria-label={t('shell.logout')} icon={<LogoutOutlined />} onClick={() => void logout()} />
      </div>
      <DutyLine />
    </header>
  );
}
