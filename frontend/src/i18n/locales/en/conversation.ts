/** Words of a conversation. */
import { en as plural } from '../../plural';

export const conversation = {
  chooseChat: 'Choose a chat',
  emptyChat: 'Nothing here yet. Say hello.',
  members: (n: number) => plural(n, 'member', 'members'),
  online: 'online',
  lastSeen: (when: string) => `was here ${when}`,
  hereSince: (when: string) => `here since ${when}`,
  since: (when: string) => `since ${when}`,
  numbered: (id: string) => `no.\u00a0${id}`,
  justNow: 'just now',
  typing: (who: string) => `${who} is typing…`,
  typingMany: (n: number) => `${plural(n, 'person is', 'people are')} typing…`,
  newMessages: 'New messages',
  toNewest: 'To the newest',
  messagesOf: (chat: string) => `Messages of ${chat}`,
  saidBy: (who: string, text: string) => `${who}: ${text}`,
  newCount: (n: number) => plural(n, 'new message', 'new messages'),
  typingNames: (names: string) => `${names} are typing…`,
  newSince: (day: string) => `New since ${day}`,
  jumpToDate: 'Jump to a date',
  copyMessageLink: 'Copy link to the message',
  linkCopied: 'Link copied',
  whoRead: 'Who has read',
};
