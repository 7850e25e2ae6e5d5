/** Words of a conversation. */
import { ru as plural } from '../../plural';
import type { conversation as en } from '../en/conversation';

export const conversation: typeof en = {
  chooseChat: 'Выберите чат',
  emptyChat: 'Сообщений пока нет',
  members: (n) => plural(n, 'участник', 'участника', 'участников'),
  online: 'в сети',
  lastSeen: (when) => `был(а) в сети ${when}`,
  hereSince: (when) => `здесь с ${when}`,
  since: (when) => `с ${when}`,
  numbered: (id) => `№\u00a0${id}`,
  justNow: 'только что',
  typing: (who) => `${who} печатает…`,
  typingMany: (n) => `${plural(n, 'человек печатает', 'человека печатают', 'человек печатают')}…`,
  newMessages: 'Новые сообщения',
  toMention: (n) => `Следующее из ${plural(n, 'упоминания', 'упоминаний', 'упоминаний')}`,
  keyNextMention: 'Следующее упоминание',
  noMentions: 'Новых упоминаний нет',
  toNewest: 'К последним сообщениям',
  toReply: 'Вернуться к ответу',
  messagesOf: (chat) => `Сообщения чата ${chat}`,
  saidBy: (who, text) => `${who}: ${text}`,
  newCount: (n) => plural(n, 'новое сообщение', 'новых сообщения', 'новых сообщений'),
  typingNames: (names) => `${names} печатают…`,
  newSince: (day) => `Новые сообщения, ${day}`,
  jumpToDate: 'Перейти к дате',
  copyMessageLink: 'Скопировать ссылку на сообщение',
  linkCopied: 'Ссылка скопирована',
  whoRead: 'Кто прочитал',
};
