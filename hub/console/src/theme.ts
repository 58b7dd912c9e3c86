/** Colours of the console: graphite and one teal; Ant Design takes its tokens from here, our own CSS from styles/tokens.css. */
import { type ThemeConfig, theme } from 'antd';

export type ThemeName = 'dark' | 'light';

const font =
  '"PingFang SC", "Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", -apple-system, "Segoe UI", Roboto, sans-serif';

const shared = {
  fontFamily: font,
  fontSize: 14,
  borderRadius: 6,
  controlHeight: 32,
  motionDurationMid: '0.12s',
  motionDurationSlow: '0.16s',
};

const palettes: Record<ThemeName, NonNullable<ThemeConfig['token']>> = {
  dark: {
    colorPrimary: '#3aa6b9',
    colorInfo: '#3aa6b9',
    colorSuccess: '#4fb286',
    colorWarning: '#d9a441',
    colorError: '#e0685f',
    colorBgBase: '#11171c',
    colorBgContainer: '#182027',
    colorBgElevated: '#1e2831',
    colorBgLayout: '#11171c',
    colorTextBase: '#e4ebef',
    colorBorder: '#33414c',
    colorBorderSecondary: '#28343d',
    colorTextPlaceholder: '#98a8b3',
    colorTextDescription: '#98a8b3',
  },
  light: {
    colorPrimary: '#12718a',
    colorInfo: '#12718a',
    colorSuccess: '#2a7d57',
    colorWarning: '#9a6700',
    colorError: '#b93a32',
    colorBgLayout: '#eef2f4',
    colorTextBase: '#16222a',
    colorBorder: '#c5d0d7',
    colorBorderSecondary: '#dde5ea',
    colorTextPlaceholder: '#5f707b',
    colorTextDescription: '#566772',
  },
};

/** Ant Design darkens what it is given for the dark theme: on its buttons, letters must still stand out (WCAG 1.4.3). */
const letters: Record<ThemeName, NonNullable<NonNullable<ThemeConfig['components']>['Button']>> = {
  dark: {
    primaryColor: '#04161a',
    colorError: '#ef8078',
    colorErrorBorderHover: '#f5a49e',
    colorErrorHover: '#f5a49e',
  },
  light: {},
};

/** Ant Design’s configuration of a theme. */
export function themeFor(name: ThemeName): ThemeConfig {
  return {
    algorithm: name === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: { ...shared, ...palettes[name] },
    components: {
      Table: { cellPaddingBlock: 5, cellPaddingInline: 10, headerBg: 'transparent' },
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', ...letters[name] },
    },
  };
}
