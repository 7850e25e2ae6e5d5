/** Words of the viewer, and of films in their places. */
import type { viewer as en } from '../../en/late/viewer';

export const viewer: typeof en = {
  photoBefore: 'Назад',
  photoAfter: 'Дальше',
  photoSave: 'Скачать',
  photoInChat: 'Показать в чате',
  viewerFailed: 'Остальное не загрузилось.',
  filmUnplayable: 'Этот браузер не может это воспроизвести',
  gifPlay: 'Запустить анимацию',
  gifHalt: 'Остановить анимацию',
};
