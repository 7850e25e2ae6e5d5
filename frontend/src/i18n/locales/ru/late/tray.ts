/** Words of the tray of files, and of files that were refused. */
import { ru as plural } from '../../../plural';
import { sizes } from '../../../sizes';
import type { tray as en } from '../../en/late/tray';

const size = sizes.ru;

export const tray: typeof en = {
  photosAsFiles: 'Отправить файлами, без изменений',
  photoBack: (name) => `Переместить ${name} ближе к началу`,
  photoOn: (name) => `Переместить ${name} ближе к концу`,
  filesChosen: 'Файлы для отправки',
  fileAlt: (name) => `Описание файла ${name}`,
  fileAltHint: 'Описание',
  fileLeave: (name) => `Убрать ${name}`,
  fileUp: (name) => `Переместить ${name} выше`,
  fileDown: (name) => `Переместить ${name} ниже`,
  filesSplit: (n) => `Они будут отправлены в ${plural(n, 'сообщении', 'сообщениях', 'сообщениях')}.`,
  fileUnread: 'Файл больше не читается. Выберите его ещё раз.',
  fileRefused: 'Сервер не принял этот файл.',
  fileInfected: 'Проверка на вирусы нашла в этом файле угрозу.',
  fileUnscanned: 'Файл слишком велик для проверки на вирусы.',
  fileTooLarge: (bytes, most) => `${size(bytes)}, можно не больше ${size(most)}`,
  fileNoRoom: (bytes, free) => `${size(bytes)}, а у вас свободно только ${size(free)}`,
};
