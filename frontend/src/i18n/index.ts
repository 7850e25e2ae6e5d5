/** Words of the interface: typed by the English ones, Russian and English, switched without a reload. */
import { keepSetting, readSetting } from '../lib/browser';
import { en, type Messages } from './locales/en';
import { signal } from './signal';

export type Lang = 'ru' | 'en';

const preferred = readSetting('language') ?? globalThis.navigator?.language.slice(0, 2);
const words = signal<Messages>(en);
export const lang = signal<Lang>(preferred === 'ru' ? 'ru' : 'en');

/** The words in the language in use: `t().send`, `t().unread(5)`. */
export const t = (): Messages => words.value;

/** Load a language and use it. */
export async function setLang(next: Lang): Promise<void> {
  words.value = next === 'ru' ? (await import('./locales/ru')).ru : en;
  lang.value = next;
  document.documentElement.lang = next;
}

/** Choose a language in this browser. */
export async function chooseLang(next: Lang): Promise<void> {
  keepSetting('language', next);
  await setLang(next);
}
