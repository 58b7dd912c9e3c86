/** Words in two languages, Chinese first; the choice is kept in this browser. */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Bilingual } from '../../../../contracts/text.ts';
import { readChoice, saveChoice } from '../shell/local-storage.ts';
import { en } from './en/index.ts';
import { type Words, zh } from './zh/index.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: Words };
  }
}

export type Language = 'zh' | 'en';

export const i18n = i18next.createInstance();

/** The language that is shown. */
export function currentLanguage(): Language {
  return i18n.language === 'en' ? 'en' : 'zh';
}

function markDocument(language: string): void {
  document.documentElement.lang = language === 'en' ? 'en' : 'zh-CN';
}

/** Loads the words in the language chosen before; Chinese at first. */
export async function startI18n(): Promise<void> {
  const language: Language = readChoice('language') === 'en' ? 'en' : 'zh';
  i18n.on('languageChanged', markDocument);
  await i18n.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'zh',
    resources: { zh: { translation: zh }, en: { translation: en } },
    interpolation: { escapeValue: false },
  });
}

/** Shows the other language and keeps the choice. */
export async function switchLanguage(language: Language): Promise<void> {
  saveChoice('language', language);
  await i18n.changeLanguage(language);
}

/** Groups of words whose keys come over the wire; a key the console does not know yet is shown as it came. */
export type WireGroup =
  | 'role'
  | 'state'
  | 'command'
  | 'action'
  | 'reason'
  | 'haulage'
  | 'outcome'
  | 'result'
  | 'answer'
  | 'unitKind'
  | 'role_still'
  | 'phase'
  | 'class'
  | 'notice'
  | 'delivery'
  | 'channel'
  | 'reminder'
  | 'order'
  | 'order_state'
  | 'ladder_step'
  | 'health'
  | 'refusal'
  | 'cameraKind'
  | 'source';

/** The word for a code of the wire; a code without a word as it came. */
export function wireWord(group: WireGroup, key: string): string {
  const path = `${group}.${key}`;
  return i18n.exists(path) ? String(i18n.t(path as never)) : key;
}

/** A text in the current language. */
export function inLanguage(text: Bilingual | null | undefined, fallback = ''): string {
  return text?.[currentLanguage()] ?? fallback;
}
