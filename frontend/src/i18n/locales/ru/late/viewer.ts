/** Words of the viewer of photos. */
import type { viewer as en } from '../../en/late/viewer';

export const viewer: typeof en = {
  photoBefore: 'Предыдущее фото',
  photoAfter: 'Следующее фото',
  photoSave: 'Скачать',
  photoInChat: 'Показать в чате',
};
