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
  noChatsHint: 'Позови кого-нибудь по ссылке или напиши тем, кто уже здесь.',
  nothingFound: 'Ничего не нашлось',
  inviteSomeone: 'Пригласить',
  settings: 'Настройки',
  draft: 'Черновик',
  you: 'Ты',
  deletedShort: 'Удалённое сообщение',
  unread: (n) => plural(n, 'непрочитанное сообщение', 'непрочитанных сообщения', 'непрочитанных сообщений'),
};
