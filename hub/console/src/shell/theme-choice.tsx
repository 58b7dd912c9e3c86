/** Dark or light: what was chosen in this browser, else what the system says. */
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import type { ThemeName } from '../theme.ts';
import { readChoice, saveChoice } from './local-storage.ts';

type ThemeChoice = { readonly theme: ThemeName; readonly toggle: () => void };
const ThemeContext = createContext<ThemeChoice>({ theme: 'dark', toggle: () => undefined });

/** The theme and a switch to the other. */
export function useTheme(): ThemeChoice {
  return useContext(ThemeContext);
}

function initialTheme(): ThemeName {
  const choice = readChoice('theme');
  if (choice === 'dark' || choice === 'light') return choice;
  return window.matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
}

/** Applies the theme to the page and keeps the choice. */
export function ThemeProvider({ children }: { readonly children: ReactNode }) {
  const [theme, setTheme] = useState(initialTheme);
  const toggle = useCallback(() => setTheme((before) => (before === 'dark' ? 'light' : 'dark')), []);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    saveChoice('theme', theme);
  }, [theme]);
  const value = useMemo(() => ({ theme, toggle }), [theme, toggle]);
  return <ThemeContext value={value}>{children}</ThemeContext>;
}
