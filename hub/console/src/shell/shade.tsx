/** Dark or light: the desk's own choice first, then the system's. */
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import type { Shade } from '../theme.ts';
import { keep, kept } from './kept.ts';

type ShadeChoice = { readonly shade: Shade; readonly flip: () => void };
const ShadeContext = createContext<ShadeChoice>({ shade: 'dark', flip: () => undefined });

export function useShade(): ShadeChoice {
  return useContext(ShadeContext);
}

function firstShade(): Shade {
  const choice = kept('theme');
  if (choice === 'dark' || choice === 'light') return choice;
  return window.matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
}

export function ShadeProvider({ children }: { readonly children: ReactNode }) {
  const [shade, setShade] = useState(firstShade);
  const flip = useCallback(() => setShade((before) => (before === 'dark' ? 'light' : 'dark')), []);
  useEffect(() => {
    document.documentElement.dataset.theme = shade;
    keep('theme', shade);
  }, [shade]);
  const value = useMemo(() => ({ shade, flip }), [shade, flip]);
  return <ShadeContext value={value}>{children}</ShadeContext>;
}
