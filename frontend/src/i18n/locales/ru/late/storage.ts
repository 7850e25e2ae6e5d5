/** Words of the pages on what files take. */
import { ru as plural } from '../../../plural';
import { sizes } from '../../../sizes';
import type { storage as en } from '../../en/late/storage';

const size = sizes.ru;

export const storage: typeof en = {
  filesUsed: (used, quota) => `Ваши файлы на сервере: ${size(used)} из ${size(quota)}`,
  filesMine: 'Ваши файлы',
  filesHint: 'Чтобы освободить место, удалите сообщения с большими файлами. Место освобождается не сразу.',
  filesNone: 'Вы ещё не отправляли файлов.',
  filesKinds: 'Файлы по видам',
  kinds: { photo: 'Фото', gif: 'Анимации', video: 'Видео', voice: 'Голосовые сообщения', file: 'Другие файлы' },
  space: 'Место на сервере',
  spaceUsed: (used, total) => `Файлы всех людей: ${size(used)} из ${size(total)}`,
  spaceUnlimited: (used) => `Файлы всех людей: ${size(used)}`,
  spaceComing: (bytes) => `Загружается сейчас: ${size(bytes)}`,
  spaceDisk: (free, all, reserve) =>
    `Свободно на диске: ${size(free)} из ${size(all)}. Загрузки прекратятся, когда останется ${size(reserve)}.`,
  spaceDiskWhole: (free, all) => `Свободно на диске: ${size(free)} из ${size(all)}`,
  spaceEach: (quota) => `Каждый может хранить ${size(quota)}, если ниже не задан другой предел.`,
  spaceNone: 'Файлов ещё никто не отправлял.',
  spaceDays: 'Последние 30 дней',
  spaceDay: (day, added, removed) =>
    [`${day}: добавлено ${size(added)}`, removed && `удалено ${size(removed)}`].filter(Boolean).join(', '),
  spacePeople: 'Кто хранит больше всех',
  spaceChats: 'Чаты, где больше всего файлов',
  spaceOf: (used, quota) => `${size(used)} из ${size(quota)}`,
  spaceChat: (files, bytes) => `${plural(files, 'файл', 'файла', 'файлов')}, ${size(bytes)}`,
  spaceGroup: (members) => `Группа, ${plural(members, 'участник', 'участника', 'участников')}`,
  spaceDirect: 'Чат двух людей',
  spaceSaved: 'Чьё-то избранное',
  spaceMore: 'Показать ещё',
  limit: 'Предел',
  limitOwn: (name) => `Предел: ${name}`,
  limitAsAll: (quota) => `Как у всех: ${size(quota)}`,
  limitOther: 'Другой',
  limitGb: 'Гигабайты',
  limitGbWrong: 'Число от 0 до 1 000 000, например 0,5.',
  limitSaved: 'Предел сохранён',
};
