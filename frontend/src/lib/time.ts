/** Dates and times as text, by Intl alone. */
import { serverNow } from './clock';

const DAY = 86_400_000;

/** Returns the reader's own form of the interface language: `en-GB` writes 14:05 where `en-US` writes 2:05 PM. */
function locale(lang: string): string {
  const own = globalThis.navigator?.languages?.find((one) => one.startsWith(lang));
  return own ?? lang;
}

/**
 * Returns a function that makes a value for a language once: a formatter costs as much as a hundred of its uses. In
 * another time zone of the machine it is made anew.
 */
export function each<T>(make: (lang: string) => T): (lang: string) => T {
  const made = new Map<string, T>();
  return (lang) => {
    const key = `${lang} ${new Date().getTimezoneOffset()}`;
    const kept = made.get(key) ?? make(lang);
    made.set(key, kept);
    return kept;
  };
}

/** Returns a function that writes a moment in the form of the options; what is no moment becomes no text. */
function writer(options: Intl.DateTimeFormatOptions): (iso: string, lang: string) => string {
  const formatter = each((lang) => new Intl.DateTimeFormat(locale(lang), options));
  return (iso, lang) => {
    const at = Date.parse(iso);
    return Number.isNaN(at) ? '' : formatter(lang).format(at);
  };
}

const relative = each((lang) => new Intl.RelativeTimeFormat(lang, { numeric: 'auto' }));
const dayOfYear = writer({ day: 'numeric', month: 'long' });
const dayWithYear = writer({ day: 'numeric', month: 'long', year: 'numeric' });
const monthOfYear = writer({ month: 'long', year: 'numeric' });
const weekday = writer({ weekday: 'short' });
const mediumDate = writer({ dateStyle: 'medium' });

/** Returns `14:05`. */
export const clockTime = writer({ hour: '2-digit', minute: '2-digit' });

/** Says whether two moments are on one day of the reader's calendar. */
export const isSameDay = (a: string, b: string): boolean => dayOf(a) === dayOf(b);

/** Returns the beginning (ms) of the day of a moment in the reader's calendar. */
export const dayOf = (iso: string): number => startOfDay(Date.parse(iso));

/** Returns `Сегодня`, `Вчера`, `5 марта`, `5 марта 2025 г.` */
export function dayName(iso: string, lang: string, now = serverNow()): string {
  const days = daysAgo(iso, now);
  if (days <= 1 && days >= 0) {
    const word = relative(lang).format(-days, 'day');
    return word.charAt(0).toLocaleUpperCase(lang) + word.slice(1);
  }
  const isThisYear = new Date(iso).getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? dayOfYear : dayWithYear)(iso, lang);
}

/** Returns `Ноябрь 2026 г.` */
export function monthName(iso: string, lang: string): string {
  const name = monthOfYear(iso, lang);
  return name.charAt(0).toLocaleUpperCase(lang) + name.slice(1);
}

/** Returns the time for the chat list: the time today, the weekday this week, the date before. */
export function listTime(iso: string, lang: string, now = serverNow()): string {
  const days = daysAgo(iso, now);
  if (days <= 0) return clockTime(iso, lang);
  return days < 7 ? weekday(iso, lang) : shortDate(iso, lang);
}

/** Returns `1:05`, the length of a film or a recording. */
export function playTime(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const head = hours ? `${hours}:${String(minutes).padStart(2, '0')}` : minutes;
  return `${head}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Returns `27.11.26`. */
export const shortDate = writer({ day: '2-digit', month: '2-digit', year: '2-digit' });

/** Returns `27 ноября 2026 г.` */
export const fullDate = writer({ dateStyle: 'long' });

/** Returns the whole moment, for titles and screen readers. */
export const exactTime = writer({ dateStyle: 'long', timeStyle: 'short' });

/** Returns `5 минут назад`; `now` is the text for less than a minute. */
export function ago(iso: string, lang: string, justNow: string, now = serverNow()): string {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  if (seconds < 60) return justNow;
  const words = relative(lang);
  if (seconds < 3600) return words.format(-Math.floor(seconds / 60), 'minute');
  if (seconds < 86_400) return words.format(-Math.floor(seconds / 3600), 'hour');
  if (seconds < 7 * 86_400) return words.format(-Math.floor(seconds / 86_400), 'day');
  return mediumDate(iso, lang);
}

/** Returns the reader's day at a moment as fields for dates have it: `2026-11-27`. */
export function dayValue(ms: number): string {
  const at = new Date(ms);
  const [month, day] = [at.getMonth() + 1, at.getDate()].map((one) => String(one).padStart(2, '0'));
  return `${String(at.getFullYear()).padStart(4, '0')}-${month}-${day}`;
}

/** Returns the beginning of such a day; `null` for a day that is none, as one of a year with six digits. */
export function dayStart(value: string): string | null {
  const at = new Date(`${value}T00:00`);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

function daysAgo(iso: string, now: number): number {
  return Math.round((startOfDay(now) - dayOf(iso)) / DAY);
}

function startOfDay(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}
