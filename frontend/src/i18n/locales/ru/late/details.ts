/** Words of the dialog about a message. */
import type { details as en } from '../../en/late/details';

export const details: typeof en = {
  readBy: 'Прочитали',
  readByNobody: 'Пока никто не прочитал',
  laterVersions: 'Показать следующие',
  altsTitle: 'Описания файлов',
  altsChanged: 'Сообщение изменено в другом месте. Проверьте и сохраните ещё раз.',
  altsHint: 'Их читают вслух тем, кто не видит картинку.',
};
