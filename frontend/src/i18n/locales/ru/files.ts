/** Words of files. */
import { ru as plural } from '../../plural';
import { sizes } from '../../sizes';
import type { files as en } from '../en/files';

const size = sizes.ru;

export const files: typeof en = {
  files: (n) => plural(n, 'файл', 'файла', 'файлов'),
  photos: (n) => (n === 1 ? 'Фото' : `${n} фото`),
  photoOf: (place, all, from) => [all > 1 ? `Фото ${place} из ${all}` : 'Фото', from].filter(Boolean).join(', '),
  photoBefore: 'Предыдущее фото',
  photoAfter: 'Следующее фото',
  photoSave: 'Скачать',
  photoInChat: 'Показать в чате',
  photosAsFiles: 'Отправить файлами, без изменений',
  photoBack: (name) => `Переместить ${name} ближе к началу`,
  photoOn: (name) => `Переместить ${name} ближе к концу`,
  photoCamera: 'Сделать снимок',
  shareLost: 'Не удалось сохранить то, чем вы поделились. Откройте чат и выберите это там.',
  photoFailed: 'Фото не загрузилось',
  fileDownload: (name, bytes) => `Скачать ${name}, ${size(bytes)}`,
  fileSize: size,
  fileRuns: (name) =>
    `Файл «${name}» может запустить программу на вашем устройстве. Сохраняйте его, только если ждали его от отправителя.`,
  fileSave: 'Всё равно сохранить',
  attach: 'Прикрепить файлы',
  fileDrop: 'Отпустите файлы здесь, чтобы отправить их',
  filesRefused: 'В этом чате вы не можете отправлять файлы.',
  filesNotInEdit: 'К отправленному сообщению нельзя добавить файлы.',
  filesNoFolders: 'Папку нельзя отправить. Выберите файлы в ней.',
  filesChosen: 'Файлы для отправки',
  fileAlt: (name) => `Описание файла ${name}`,
  fileAltHint: 'Описание',
  fileLeave: (name) => `Убрать ${name}`,
  fileUp: (name) => `Переместить ${name} выше`,
  fileDown: (name) => `Переместить ${name} ниже`,
  filesSplit: (n) => `Они будут отправлены в ${plural(n, 'сообщении', 'сообщениях', 'сообщениях')}.`,
  stateUploading: 'загружается',
  fileProgress: (name) => `Загрузка файла ${name}`,
  fileSent: (sent, bytes) => `${size(sent)} из ${size(bytes)}`,
  fileLoose: 'В браузере нет места, чтобы сохранить это. Не закрывайте вкладку до отправки.',
  fileUnread: 'Файл больше не читается. Выберите его ещё раз.',
  fileRefused: 'Сервер не принял этот файл.',
  fileTooLarge: (bytes, most) => `${size(bytes)}, можно не больше ${size(most)}`,
  fileNoRoom: (bytes, free) => `${size(bytes)}, а у вас свободно только ${size(free)}`,
  filesUsed: (used, quota) => `Ваши файлы на сервере: ${size(used)} из ${size(quota)}`,
};
