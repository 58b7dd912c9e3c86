/** Single keys of the review page; they rest while one types, while a dialog is open, and with modifier keys. */
import { useEffect, useRef } from 'react';

export type KeyMap = Readonly<Record<string, () => void>>;

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      ['TEXTAREA', 'SELECT'].includes(target.tagName) ||
      (target instanceof HTMLInputElement && target.type !== 'range'))
  );
}

/** Enter and Space press what has the focus; they are the page's only elsewhere, and on what is chosen already. */
function pressesFocused(key: string, target: EventTarget | null): boolean {
  if ((key !== 'enter' && key !== ' ') || !(target instanceof HTMLElement)) return false;
  const pressed = target.closest('button, a');
  return pressed !== null && pressed.getAttribute('aria-current') !== 'true';
}

/**
 * What a mouse pressed has done its work: the next Enter or Space is meant for the page, not for that button once more.
 * `detail` is 0 where a key made the click; then the focus stays where it is.
 */
function blurPressed(event: MouseEvent): void {
  if (event.detail === 0 || !(event.target instanceof Element)) return;
  const pressed = event.target.closest('button, a');
  if (pressed instanceof HTMLElement && pressed === document.activeElement) pressed.blur();
}

function movesSlider(key: string, target: EventTarget | null): boolean {
  return key.startsWith('arrow') && target instanceof HTMLInputElement;
}

/** `down` by lower-case `event.key`; `held` keys call with true and, on release, false. */
export function useKeys(down: KeyMap, held: Readonly<Record<string, (on: boolean) => void>> = {}): void {
  const latest = useRef({ down, held });
  latest.current = { down, held };
  useEffect(() => {
    const onDown = (event: KeyboardEvent) => {
      const key = event.key.toLowerCase();
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (pressesFocused(key, event.target) || movesSlider(key, event.target)) return;
      if (document.querySelector('.ant-modal-wrap:not([style*="display: none"])') !== null) return;
      const hold = latest.current.held[key];
      const press = latest.current.down[key];
      if (hold === undefined && press === undefined) return;
      event.preventDefault();
      if (hold !== undefined && !event.repeat) hold(true);
      if (press !== undefined && (!event.repeat || key.startsWith('arrow'))) press();
    };
    const onUp = (event: KeyboardEvent) => {
      const release = latest.current.held[event.key.toLowerCase()];
      if (release === undefined) return;
      // Some browsers press a focused button when Space is let go.
      if (!isTyping(event.target) && !pressesFocused(event.key.toLowerCase(), event.target)) event.preventDefault();
      release(false);
    };
    window.addEventListener('keydown', onDown);
    window.addEventListener('keyup', onUp);
    window.addEventListener('click', blurPressed);
    return () => {
      window.removeEventListener('keydown', onDown);
      window.removeEventListener('keyup', onUp);
      window.removeEventListener('click', blurPressed);
    };
  }, []);
}
