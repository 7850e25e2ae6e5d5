/** What can be done by name: the commands of the palette. */
import { lang, t } from '../i18n';
import { isApple, keepLook } from '../lib/browser';
import { useLanguage } from '../sync';
import type { IconName } from '../ui/Icon';

export interface Command {
  label: string;
  icon: IconName;
  keys?: string;
  run: () => void;
}

export type Actions = Record<
  'newChat' | 'newGroup' | 'saved' | 'invite' | 'settings' | 'help' | 'markAllRead',
  () => void
>;

const CTRL = isApple ? '⌘' : 'Ctrl+';

export function commands(actions: Actions): Command[] {
  const other = lang.value === 'ru' ? 'en' : 'ru';
  return [
    { label: t().newChat, icon: 'newChat', run: actions.newChat },
    { label: t().newGroup, icon: 'people', run: actions.newGroup },
    { label: t().savedMessages, icon: 'bookmark', run: actions.saved },
    { label: t().inviteSomeone, icon: 'invite', run: actions.invite },
    { label: t().markAllRead, icon: 'read', keys: 'Shift+Esc', run: actions.markAllRead },
    { label: t().settings, icon: 'settings', run: actions.settings },
    { label: t().keys, icon: 'more', keys: '?', run: actions.help },
    { label: t().themeToLight, icon: 'eye', run: () => keepLook('theme', 'light') },
    { label: t().themeToDark, icon: 'eyeOff', run: () => keepLook('theme', 'dark') },
    {
      label: other === 'ru' ? 'Русский язык' : 'English',
      icon: 'edit',
      run: () => void useLanguage(other).catch(() => {}),
    },
  ];
}

export const FIND_KEYS = `${CTRL}K`;
export const PALETTE_KEYS = `${CTRL}Shift+P`;
