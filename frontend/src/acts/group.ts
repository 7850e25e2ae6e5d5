/** Acts on a whole group: its members, adding people, leaving. */
import type { ChatView } from '../api/types';
import { titleOf } from '../content/names/names';
import type { Named, Thing } from '../content/things';
import { t } from '../i18n';
import { chat } from '../store/chats';
import { myId } from '../store/session';
import { removeMember } from '../sync';
import type { Act, Context } from './act';

const viewOf = (context?: Context): ChatView | undefined => (context?.chatId ? chat(context.chatId) : undefined);
const isGroup = (context?: Context): boolean => viewOf(context)?.kind === 'group';

/** Says whether I have a right in the group of the context. */
const may =
  (right: ChatView['my_rights'][number]) =>
  (context: Context): boolean =>
    isGroup(context) && Boolean(viewOf(context)?.my_rights.includes(right));

const opens =
  (kind: 'info' | 'gallery' | 'addMembers' | 'invite') =>
  ({ chatId, open }: Context): void => {
    if (chatId) open({ kind, chatId } as Thing);
  };

/** Asks before the person leaves a group. */
const leaving = (chatId: number, open: Context['open']): Named<'ask'> => ({
  kind: 'ask',
  words: t().leaveAsk(titleOf(chatId)),
  label: t().leave,
  run: async () => {
    await removeMember(chatId, myId());
    open({ kind: 'home' });
  },
});

export const groupActs: readonly Act[] = [
  {
    id: 'info',
    on: 'chat',
    label: (context) => (isGroup(context) ? t().membersTitle : t().chatInfo),
    icon: 'people',
    chord: { code: 'KeyI', alt: true },
    when: (context) => viewOf(context) !== undefined,
    run: opens('info'),
  },
  {
    id: 'gallery',
    on: 'chat',
    label: () => t().gallery,
    icon: 'gallery',
    chord: { code: 'KeyG', alt: true },
    when: (context) => viewOf(context) !== undefined,
    run: opens('gallery'),
  },
  {
    id: 'add-members',
    on: 'chat',
    label: () => t().addMembers,
    icon: 'invite',
    when: may('add'),
    run: opens('addMembers'),
  },
  {
    id: 'make-link',
    on: 'chat',
    label: () => t().makeLink,
    icon: 'link',
    when: may('invite'),
    run: opens('invite'),
  },
  {
    id: 'leave',
    on: 'chat',
    label: () => t().leave,
    icon: 'signOut',
    danger: true,
    when: may('leave'),
    run: ({ chatId, open }) => chatId && open(leaving(chatId, open)),
  },
];
