import { expect, it } from 'vitest';
import { auth as en } from '../../i18n/locales/en/late/auth';
import { strengthWords } from './strength';

it.each([
  ['', ''],
  ['short', en.passwordShort(5)],
  ['aaaaaaaaaaaa', en.passwordWeak],
  ['1234567890', en.passwordWeak],
  ['abcdefghijkl', en.passwordWeak],
  ['пароль1234', en.passwordWeak],
  ['Vrtx-92-kolm', en.passwordFair],
  ['correct horse battery', en.passwordStrong],
  ['лошадь скрепка батарея', en.passwordStrong],
])('says of %j: %s', (password, words) => expect(strengthWords(password, 10)).toBe(words));

it('counts what a reader would count', () => expect(strengthWords('👩‍👩‍👧‍👦', 10)).toBe(en.passwordShort(3)));
