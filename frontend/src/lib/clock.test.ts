/** The server's clock, and days of the reader's calendar. */
import { afterEach, expect, it, vi } from 'vitest';
import { noteServerDate, serverNow } from './clock';
import { dayName, dayStart, dayValue } from './time';

process.env.TZ = 'Pacific/Auckland';

afterEach(() => {
  vi.useRealTimers();
  noteServerDate(new Date().toUTCString());
});

it('names the day of the reader for the calendar, where London still has the day before', () => {
  expect(dayValue(Date.parse('2026-11-27T20:00:00Z'))).toBe('2026-11-28');
  expect(dayStart('2026-11-28')).toBe('2026-11-27T11:00:00.000Z');
});

it('knows no day of a year with six digits, and none of an empty field', () => {
  expect(dayStart('202611-11-28')).toBeNull();
  expect(dayStart('')).toBeNull();
});

it('follows the clock of the server on a device that is a day behind', () => {
  vi.useFakeTimers({ now: Date.parse('2026-11-26T00:00:00Z') });
  noteServerDate('Fri, 27 Nov 2026 00:00:00 GMT');
  expect(Math.abs(serverNow() - Date.parse('2026-11-27T00:00:00Z'))).toBeLessThan(1000);
  expect(dayName('2026-11-27T00:00:00Z', 'en')).toBe('Today');
});

it('does not follow the part of a second that an answer took, nor a header that is no date', () => {
  vi.useFakeTimers({ now: Date.parse('2026-11-27T00:00:01Z') });
  noteServerDate(new Date().toUTCString());
  const before = serverNow();
  for (const header of ['Fri, 27 Nov 2026 00:00:00 GMT', 'yesterday', null]) noteServerDate(header);
  expect(serverNow()).toBe(before);
});
