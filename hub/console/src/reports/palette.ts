/** Colours of charts, the same as those of styles/tokens.css: a chart cannot read variables of CSS. */
import type { ThemeName } from '../theme.ts';

export type ChartPalette = {
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly panel: string;
  readonly low: string;
  readonly high: string;
  readonly series: readonly string[];
};

export const palettes: Readonly<Record<ThemeName, ChartPalette>> = {
  dark: {
    text: '#e4ebef',
    muted: '#98a8b3',
    line: '#28343d',
    panel: '#182027',
    low: '#1e2831',
    high: '#4fb9cb',
    series: ['#4fb9cb', '#f0a04b', '#6fc48b', '#9b8cf0', '#e07fae', '#c69a6d'],
  },
  light: {
    text: '#16222a',
    muted: '#566772',
    line: '#dde5ea',
    panel: '#ffffff',
    low: '#f0f5f7',
    high: '#12718a',
    series: ['#12718a', '#c96a12', '#2a8550', '#6450c8', '#b83d7c', '#8a5a2b'],
  },
};
