/** The sentences about newcomers, in both languages. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { MessageView, UserRead } from '../api/types';
import { setLang } from '../i18n';
import { putUsers } from '../store/users';
import { serviceLine } from './service';

const NAMES = ['Анна', 'Борис', 'Kate Miller', 'Вера'];

const added = (...user_ids: number[]): MessageView =>
  ({ sender_id: 1, service: { action: 'member.joined', user_ids } }) as MessageView;

beforeAll(() => {
  vi.stubGlobal('document', { documentElement: {} });
  putUsers(NAMES.map((name, place) => ({ id: place + 1, name, rev: 1, created_at: '', avatar: null }) as UserRead));
});

afterAll(async () => {
  await setLang('en');
  vi.unstubAllGlobals();
});

it.each([
  ['ru', [2], 'Новый участник: Борис · Анна'],
  ['ru', [2, 3], 'Новые участники: Борис и Kate Miller · Анна'],
  ['ru', [2, 3, 4], 'Новые участники: Борис, Kate Miller и Вера · Анна'],
  ['ru', [1], 'Новый участник: Анна'],
  ['en', [2], 'Анна added Борис'],
  ['en', [2, 3], 'Анна added Борис and Kate Miller'],
] as const)('says in %s who came, one or several: %j', async (lang, ids, line) => {
  await setLang(lang);
  expect(serviceLine(added(...ids))).toBe(line);
});
