/** Shown times: made anew each minute, at midnight, and on return. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { noteServerDate } from '../lib/clock';
import { ago } from '../lib/time';
import { shownNow, today } from '../store/clock';
import { effect } from '../store/signal';
import { keepTime } from './clock';

const page = new EventTarget();
const day = (date: number): number => new Date(2026, 10, date).getTime();

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2026, 10, 27, 23, 58, 30) });
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
});

afterEach(() => {
  noteServerDate(new Date().toUTCString());
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('has another day at midnight, and other words each minute', () => {
  const stop = keepTime();
  const seen = new Date(2026, 10, 27, 23, 58).toISOString();
  const words: string[] = [];
  const end = effect(() => void words.push(ago(seen, 'en', 'just now', shownNow())));
  expect(today.value).toBe(day(27));
  vi.advanceTimersByTime(60_000);
  expect([words.at(-1), today.value]).toEqual(['1 minute ago', day(27)]);
  vi.advanceTimersByTime(60_000);
  expect([words.at(-1), today.value]).toEqual(['2 minutes ago', day(28)]);
  expect(words).toHaveLength(3);
  end();
  stop();
});

it('makes them anew when the reader returns to a page that slept', () => {
  const stop = keepTime();
  vi.setSystemTime(new Date(2026, 10, 29, 8, 0));
  expect(today.value).toBe(day(27));
  page.dispatchEvent(new Event('visibilitychange'));
  expect(today.value).toBe(day(29));
  stop();
  vi.setSystemTime(new Date(2026, 10, 30, 8, 0));
  page.dispatchEvent(new Event('focus'));
  vi.advanceTimersByTime(120_000);
  expect(today.value).toBe(day(29));
});

it('makes them anew as soon as an answer shows that the clock of the device is wrong', () => {
  const stop = keepTime();
  expect(today.value).toBe(day(27));
  noteServerDate(new Date(2026, 10, 29, 12, 0).toUTCString());
  expect(today.value).toBe(day(29));
  stop();
});
