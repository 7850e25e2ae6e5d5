/** Words of a conversation. */
import { en as plural } from '../../plural';

export const conversation = {
  chooseChat: 'Choose a chat',
  emptyChat: 'No messages yet',
  members: (n: number) => plural(n, 'member', 'members'),
  online: 'online',
  lastSeen: (when: string) => `last seen ${when}`,
  hereSince: (when: string) => `here since ${when}`,
  since: (when: string) => `since ${when}`,
  numbered: (id: string) => `no.\u00a0${id}`,
  justNow: 'just now',
  typing: (who: string) => `${who} is typing…`,
  typingMany: (n: number) => `${plural(n, 'person is', 'people are')} typing…`,
  newMessages: 'New messages',
  toNewest: 'Go to the newest messages',
  messagesOf: (chat: string) => `Messages in ${chat}`,
  saidBy: (who: string, text: string) => `${who}: ${text}`,
  newCount: (n: number) => plural(n, 'new message', 'new messages'),
  typingNames: (names: string) => `${names} are typing…`,
  newSince: (day: string) => `New since ${day}`,
  jumpToDate: 'Go to a date',
  copyMessageLink: 'Copy link to message',
  linkCopied: 'Link copied',
  whoRead: 'Who has read it',
};
