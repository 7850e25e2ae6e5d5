/** Words of the picker of emoji. */
import type { emoji as en } from '../../en/late/emoji';

export const emoji: typeof en = {
  emojiSearch: 'Поиск эмодзи',
  emojiGroup: 'Группы эмодзи',
  emojiGroups: {
    0: 'Смайлики',
    1: 'Люди',
    3: 'Животные и природа',
    4: 'Еда и напитки',
    5: 'Путешествия и места',
    6: 'Занятия',
    7: 'Предметы',
    8: 'Символы',
    9: 'Флаги',
  },
  emojiRecent: 'Недавние',
};
