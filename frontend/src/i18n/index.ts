/** The texts of the interface in Russian and English: typed by the English ones, switched without a reload. */
import { keepSetting, readSetting } from '../lib/browser';
import { retry } from '../lib/retry';
import { en, type Messages } from './locales/en';
import { signal } from './signal';

export type Lang = 'ru' | 'en';

const words = signal<Messages>(en);
export const lang = signal<Lang>('en');

/** Returns the chosen language, or else that of the browser. */
function preferred(): Lang {
  return (readSetting('language') ?? globalThis.navigator?.language.slice(0, 2)) === 'ru' ? 'ru' : 'en';
}

/** Returns the texts in the current language: `t().send`, `t().unread(5)`. */
export const t = (): Messages => words.value;

/** Loads a language and uses it. */
export async function setLang(next: Lang): Promise<void> {
  words.value = next === 'ru' ? (await import('./locales/ru')).ru : en;
  lang.value = next;
  document.documentElement.lang = next;
}

/** Uses the preferred language; English as long as its file is missing: without a network, or after an upgrade. */
export async function startLang(): Promise<void> {
  const wanted = preferred();
  try {
    await setLang(wanted);
  } catch {
    await setLang('en');
    void retry(() => setLang(wanted), { isWanted: () => preferred() === wanted && lang.value !== wanted });
  }
}

/** Chooses a language in this browser. */
export async function chooseLang(next: Lang): Promise<void> {
  keepSetting('language', next);
  await setLang(next);
}
