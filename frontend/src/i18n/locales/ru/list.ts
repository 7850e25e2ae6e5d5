/** Words of the chat list. */
import { ru as plural } from '../../plural';
import type { list as en } from '../en/list';

export const list: typeof en = {
  chats: 'Чаты',
  newChat: 'Новый чат',
  newGroup: 'Новая группа',
  savedMessages: 'Избранное',
  searchPeople: 'Поиск людей',
  searchChats: 'Поиск чатов',
  noChats: 'Чатов пока нет',
  noChatsHint: 'Пригласите людей по ссылке или напишите тем, кто уже здесь.',
  nothingFound: 'Ничего не найдено',
  inviteSomeone: 'Пригласить',
  settings: 'Настройки',
  draft: 'Черновик',
  you: 'Вы',
  unread: (n) => plural(n, 'непрочитанное сообщение', 'непрочитанных сообщения', 'непрочитанных сообщений'),
};
