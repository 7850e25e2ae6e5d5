import { afterEach, expect, it } from 'vitest';
import { ago, clockTime, dayName, exactTime, fullDate, isSameDay, listTime, playTime, shortDate } from './time';

const zone = process.env.TZ;
const { DateTimeFormat, RelativeTimeFormat } = Intl;

afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
  Object.assign(Intl, { DateTimeFormat, RelativeTimeFormat });
});

const now = Date.parse('2026-11-27T12:00:00Z');
const all = (lang: string): string[] => [
  ...[clockTime, exactTime, fullDate, shortDate].map((form) => form('2026-11-20T10:05:00Z', lang)),
  ...['2026-11-27T10:00:00Z', '2026-10-01T10:00:00Z', '2024-10-01T10:00:00Z'].map((at) => dayName(at, lang, now)),
  ...['2026-11-27T10:00:00Z', '2026-11-24T10:00:00Z', '2026-10-01T10:00:00Z'].map((at) => listTime(at, lang, now)),
  ...['2026-11-27T11:00:00Z', '2026-10-01T10:00:00Z'].map((at) => ago(at, lang, 'now', now)),
];

it('makes each formatter once for a language', () => {
  process.env.TZ = 'UTC';
  const before = ['en', 'ru'].map(all);
  let made = 0;
  const counted = <T extends object>(kind: T): T =>
    new Proxy(kind, {
      construct: (target, args) => {
        made += 1;
        return Reflect.construct(target as unknown as new () => object, args);
      },
    });
  Object.assign(Intl, {
    DateTimeFormat: counted(DateTimeFormat),
    RelativeTimeFormat: counted(RelativeTimeFormat),
  });
  expect(['en', 'ru'].map(all)).toEqual(before);
  expect(made).toBe(0);
  expect(all('de')).not.toEqual(all('en'));
  expect(made).toBeGreaterThan(0);
});

it('follows the time zone of the machine', () => {
  process.env.TZ = 'UTC';
  expect(clockTime('2026-11-20T10:05:00Z', 'ru')).toBe('10:05');
  expect(isSameDay('2026-11-20T10:05:00Z', '2026-11-20T16:05:00Z')).toBe(true);
  process.env.TZ = 'Asia/Tokyo';
  expect(clockTime('2026-11-20T10:05:00Z', 'ru')).toBe('19:05');
  expect(isSameDay('2026-11-20T10:05:00Z', '2026-11-20T16:05:00Z')).toBe(false);
});

it('writes nothing where there is no moment', () => expect(exactTime('', 'en')).toBe(''));

it('writes how long a film lasts', () => {
  expect([0, 499, 65_000, 599_600, 3_600_000, 3_725_000].map(playTime)).toEqual([
    '0:00',
    '0:00',
    '1:05',
    '10:00',
    '1:00:00',
    '1:02:05',
  ]);
});
