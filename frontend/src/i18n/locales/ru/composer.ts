/** Words of writing. */
import { ru as plural } from '../../plural';
import type { composer as en } from '../en/composer';

export const composer: typeof en = {
  bold: 'Жирный',
  italic: 'Курсив',
  strike: 'Зачёркнутый',
  code: 'Код',
  emoji: 'Эмодзи',
  tooLongWhy: (most) =>
    `В сообщении может быть не больше ${plural(most, 'символа', 'символов', 'символов')}. Сократите его или отправьте частями.`,
  emojiFailed: 'Не удалось загрузить эмодзи. Проверьте сеть и откройте их ещё раз.',
  write: 'Сообщение',
  send: 'Отправить',
  editKept: 'Правка сохранена. Чтобы продолжить, нажмите «Изменить» у сообщения.',
  dropEdit: 'Удалить правку',
  editClash: 'Сообщение изменили на другом устройстве. Теперь в нём:',
  editKeepMine: 'Оставить мой текст',
  editTakeOther: 'Взять этот текст',
  editTaken: 'Ваш текст заменён',
  editing: 'Изменение сообщения',
  replyTo: (who) => `Ответ: ${who}`,
  tooLong: (n) => `${plural(n, 'лишний символ', 'лишних символа', 'лишних символов')}`,
  mentionSomeone: 'Упомянуть',
};
