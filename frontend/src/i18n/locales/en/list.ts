/** Words of the chat list. */
import { en as plural } from '../../plural';

export const list = {
  chats: 'Chats',
  newChat: 'New chat',
  newGroup: 'New group',
  savedMessages: 'Saved messages',
  searchPeople: 'Search people',
  searchChats: 'Search chats',
  noChats: 'No chats yet',
  noChatsHint: 'Invite people with a link, or write to someone who is already here.',
  nothingFound: 'Nothing found',
  inviteSomeone: 'Invite someone',
  settings: 'Settings',
  draft: 'Draft',
  you: 'You',
  unread: (n: number) => plural(n, 'unread message', 'unread messages'),
};
