/** Actions that are available everywhere on the page. */
import { lang, t } from '../i18n';
import { keepLook } from '../lib/browser';
import { chat } from '../store/chats';
import { mayInvite } from '../store/session';
import { openSaved, useLanguage } from '../sync';
import { told } from '../ui/Toast';
import type { Act, Context } from './act';

/** Returns the open group if I may create links into it. */
function invitingGroup(chatId: number | null): number | null {
  const view = chatId ? chat(chatId) : undefined;
  return view?.my_rights.includes('invite') ? view.id : null;
}

const other = (): 'en' | 'ru' => (lang.value === 'ru' ? 'en' : 'ru');
const saved = ({ open }: Context): void => void openSaved().then((chatId) => open({ kind: 'chat', chatId }), told);

export const pageActs: readonly Act[] = [
  {
    id: 'new-chat',
    on: 'page',
    label: () => t().newChat,
    icon: 'newChat',
    run: ({ open }) => open({ kind: 'newChat' }),
  },
  {
    id: 'new-group',
    on: 'page',
    label: () => t().newGroup,
    icon: 'people',
    run: ({ open }) => open({ kind: 'newGroup' }),
  },
  { id: 'saved', on: 'page', label: () => t().savedMessages, icon: 'bookmark', run: saved },
  {
    id: 'invite',
    on: 'page',
    label: () => t().inviteSomeone,
    icon: 'invite',
    when: ({ chatId }) => invitingGroup(chatId) !== null || mayInvite(),
    run: ({ chatId, open }) => open({ kind: 'invite', chatId: invitingGroup(chatId) }),
  },
  {
    id: 'settings',
    on: 'page',
    label: () => t().settings,
    icon: 'settings',
    run: ({ open }) => open({ kind: 'settings' }),
  },
  {
    id: 'keys',
    on: 'page',
    label: () => t().keys,
    icon: 'keyboard',
    chord: { key: '?' },
    run: ({ open }) => open({ kind: 'keys' }),
  },
  {
    id: 'find',
    on: 'page',
    label: () => t().keySwitch,
    icon: 'search',
    chord: { code: 'KeyK', command: true },
    run: ({ open }) => open({ kind: 'chats' }),
  },
  {
    id: 'palette',
    on: 'page',
    label: () => t().palette,
    icon: 'command',
    chord: { code: 'KeyP', command: true, shift: true },
    run: ({ open }) => open({ kind: 'commands' }),
  },
  { id: 'light', on: 'page', label: () => t().themeToLight, icon: 'light', run: () => keepLook('theme', 'light') },
  { id: 'dark', on: 'page', label: () => t().themeToDark, icon: 'dark', run: () => keepLook('theme', 'dark') },
  {
    id: 'language',
    on: 'page',
    label: () => (other() === 'ru' ? 'Русский язык' : 'English'),
    icon: 'language',
    run: () => void useLanguage(other()).catch(() => {}),
  },
];
