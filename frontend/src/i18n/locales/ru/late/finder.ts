/** Words of the box that finds chats and commands. */
import type { finder as en } from '../../en/late/finder';

export const finder: typeof en = {
  findPlaceholder: 'Чат, человек или команда',
  palettePlaceholder: 'Что вы хотите сделать?',
  found: 'Найдено',
};
