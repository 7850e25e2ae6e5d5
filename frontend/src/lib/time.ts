/** Dates and times as text, by Intl alone. */

const DAY = 86_400_000;

/** Returns the reader's own form of the interface language: `en-GB` writes 14:05 where `en-US` writes 2:05 PM. */
function locale(lang: string): string {
  const own = globalThis.navigator?.languages?.find((one) => one.startsWith(lang));
  return own ?? lang;
}

/** Returns `14:05`. */
export function clockTime(iso: string, lang: string): string {
  return new Date(iso).toLocaleTimeString(locale(lang), { hour: '2-digit', minute: '2-digit' });
}

/** Says whether two moments are on one day of the reader's calendar. */
export function isSameDay(a: string, b: string): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

/** Returns `Сегодня`, `Вчера`, `5 марта`, `5 марта 2025 г.` */
export function dayName(iso: string, lang: string, now = Date.now()): string {
  const days = daysAgo(iso, now);
  if (days <= 1 && days >= 0) {
    const word = new Intl.RelativeTimeFormat(lang, { numeric: 'auto' }).format(-days, 'day');
    return word.charAt(0).toLocaleUpperCase(lang) + word.slice(1);
  }
  const date = new Date(iso);
  const year = date.getFullYear() === new Date(now).getFullYear() ? undefined : 'numeric';
  return date.toLocaleDateString(locale(lang), { day: 'numeric', month: 'long', year });
}

/** Returns the time for the chat list: the time today, the weekday this week, the date before. */
export function listTime(iso: string, lang: string, now = Date.now()): string {
  const days = daysAgo(iso, now);
  if (days <= 0) return clockTime(iso, lang);
  const date = new Date(iso);
  if (days < 7) return date.toLocaleDateString(locale(lang), { weekday: 'short' });
  return shortDate(iso, lang);
}

/** Returns `27.11.26`. */
export function shortDate(iso: string, lang: string): string {
  return new Date(iso).toLocaleDateString(locale(lang), { day: '2-digit', month: '2-digit', year: '2-digit' });
}

/** Returns `27 ноября 2026 г.` */
export function fullDate(iso: string, lang: string): string {
  return new Date(iso).toLocaleDateString(locale(lang), { dateStyle: 'long' });
}

/** Returns the whole moment, for titles and screen readers. */
export function exactTime(iso: string, lang: string): string {
  return new Date(iso).toLocaleString(locale(lang), { dateStyle: 'long', timeStyle: 'short' });
}

/** Returns `5 минут назад`; `now` is the text for less than a minute. */
export function ago(iso: string, lang: string, justNow: string, now = Date.now()): string {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  if (seconds < 60) return justNow;
  const words = new Intl.RelativeTimeFormat(lang, { numeric: 'auto' });
  if (seconds < 3600) return words.format(-Math.floor(seconds / 60), 'minute');
  if (seconds < 86_400) return words.format(-Math.floor(seconds / 3600), 'hour');
  if (seconds < 7 * 86_400) return words.format(-Math.floor(seconds / 86_400), 'day');
  return new Date(iso).toLocaleDateString(locale(lang), { dateStyle: 'medium' });
}

function daysAgo(iso: string, now: number): number {
  return Math.round((startOfDay(now) - startOfDay(Date.parse(iso))) / DAY);
}

function startOfDay(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}
