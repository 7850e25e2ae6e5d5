/** Words of the dialog about a message. */
import type { details as en } from '../../en/late/details';

export const details: typeof en = {
  readBy: 'Прочитали',
  readByNobody: 'Пока никто не прочитал',
  laterVersions: 'Показать следующие',
};
