/** Words of the fields of an account. */
import type { fields as en } from '../../en/late/fields';

export const fields: typeof en = {
  capsLock: 'Включён Caps Lock',
  showPassword: 'Показать пароль',
  hidePassword: 'Скрыть пароль',
  yourName: 'Ваше имя',
  newPassword: 'Новый пароль',
  currentPassword: 'Текущий пароль',
  isVerified: 'подтверждена',
  notVerified: 'Почта ещё не подтверждена. Откройте ссылку из письма, которое на неё пришло.',
  requestLetter: 'Запросить новое письмо',
  letterRequested: 'Новое письмо запрошено',
};
