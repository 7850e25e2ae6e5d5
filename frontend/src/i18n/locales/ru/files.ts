/** Words of files. */
import { ru as plural } from '../../plural';
import { sizes } from '../../sizes';
import type { files as en } from '../en/files';

const size = sizes.ru;

export const files: typeof en = {
  files: (n) => plural(n, 'файл', 'файла', 'файлов'),
  gallery: 'Фото и файлы',
  photos: (n) => (n === 1 ? 'Фото' : `${n} фото`),
  films: (n) => (n === 1 ? 'Видео' : `${n} видео`),
  gifs: (n) => (n === 1 ? 'GIF' : `${n} GIF`),
  pictureOf: (noun, place, all, lasts, from) =>
    [all > 1 ? `${noun} ${place} из ${all}` : noun, lasts, from].filter(Boolean).join(', '),
  photoCamera: 'Сделать снимок',
  shareLost: 'Не удалось сохранить то, чем вы поделились. Откройте чат и выберите это там.',
  photoFailed: 'Изображение не загрузилось',
  fileDownload: (name, bytes) => `Скачать ${name}, ${size(bytes)}`,
  fileSize: size,
  filePages: (n) => plural(n, 'страница', 'страницы', 'страниц'),
  fileRuns: (name) =>
    `Файл «${name}» может запустить программу на вашем устройстве. Сохраняйте его, только если ждали его от отправителя.`,
  fileSave: 'Всё равно сохранить',
  attach: 'Прикрепить файлы',
  fileDrop: 'Отпустите файлы здесь, чтобы отправить их',
  filesRefused: 'В этом чате вы не можете отправлять файлы.',
  filesNotInEdit: 'К отправленному сообщению нельзя добавить файлы.',
  filesNoFolders: 'Папку нельзя отправить. Выберите файлы в ней.',
  stateUploading: 'загружается',
  fileProgress: (name) => `Загрузка файла ${name}`,
  fileSent: (sent, bytes) => `${size(sent)} из ${size(bytes)}`,
  fileLoose: 'В браузере нет места, чтобы сохранить это. Не закрывайте вкладку до отправки.',
  pictureRefused: 'Серверу не подошло это изображение. Ничего не изменилось. Выберите другое.',
  pictureMaking: 'Обработка…',
  uploading: 'Загрузка…',
};
