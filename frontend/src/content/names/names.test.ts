import { beforeEach, expect, it } from 'vitest';
import type { UserRead } from '../../api/types';
import { me } from '../../store/session';
import { putUsers, users } from '../../store/users';
import { fullName, noteOf } from './names';

const person = (id: number, name: string, created_at: string): UserRead => ({
  id,
  name,
  created_at,
  avatar: null,
  rev: 1,
  role: 'member',
});

beforeEach(() => {
  users.value = new Map();
  me.value = person(1, 'Me', '2026-01-01T10:00:00Z');
});

it('says nothing of a name that only one person has', () => {
  putUsers([person(2, 'Anna', '2026-01-02T10:00:00Z'), person(3, 'Anne', '2026-01-02T10:00:00Z')]);
  expect([noteOf(2), noteOf(3), noteOf(99)]).toEqual(['', '', '']);
  expect(fullName(2)).toBe('Anna');
});

it('tells namesakes apart by the day, then the minute, then the number', () => {
  putUsers([
    person(2, 'Anna', '2025-01-02T09:30:00Z'),
    person(3, 'anna', '2026-01-02T10:00:00Z'),
    person(7_770_004, 'A\u0301nna', '2026-01-02T11:00:00Z'),
    person(7_770_005, 'An\u200bna', '2026-01-02T11:00:00Z'),
  ]);
  const notes = [2, 3, 7_770_004, 7_770_005].map((id) => noteOf(id));
  expect(notes[0]).toMatch(/^here since [^:]*2025$/);
  expect(notes[1]).toMatch(/^here since .*2026.*:00/);
  expect(notes[2]).toMatch(/:00.*no\.\s0004$/);
  expect(notes[3]).toMatch(/:00.*no\.\s0005$/);
  expect(new Set(notes).size).toBe(4);
  expect(fullName(2)).toBe(`Anna (${notes[0]})`);
  const short = [2, 3, 7_770_004, 7_770_005].map((id) => noteOf(id, true));
  expect(short[0]).toMatch(/^since \d+\D\d+\D25$/);
  expect(short[1]).toMatch(/^since .*\d:00/);
  expect(short.slice(2)).toEqual(['no.\u00a00004', 'no.\u00a00005']);
});

it('calls oneself by what one is', () => {
  putUsers([person(1, 'Anna', '2025-01-02T10:00:00Z'), person(2, 'Anna', '2025-01-02T10:00:00Z')]);
  expect(noteOf(1)).toBe('You');
  expect(noteOf(2)).toMatch(/here since/);
});
