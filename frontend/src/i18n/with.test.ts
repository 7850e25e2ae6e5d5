import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { setLang, t } from '.';
import { wordsWith } from './with';

beforeAll(() => {
  vi.stubGlobal('document', { documentElement: {} });
});
afterAll(() => {
  vi.unstubAllGlobals();
});

test('words of a late part follow the language together with those of all screens', async () => {
  const words = wordsWith({ late: 'late' }, { late: 'поздно' });
  const english = words();
  expect([english.late, english.save]).toEqual(['late', t().save]);
  expect(words()).toBe(english);

  await setLang('ru');
  expect([words().late, words().save]).toEqual(['поздно', t().save]);
  expect(words().save).not.toBe(english.save);

  await setLang('en');
  expect(words().late).toBe('late');
});
