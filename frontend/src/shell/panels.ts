/** Panels beside a conversation, by the name in the address; each is loaded when it is first opened. */
import type { FunctionComponent } from 'preact';
import type { Context } from '../acts/act';
import { t } from '../i18n';
import { chat } from '../store/chats';

export interface PanelProps {
  chatId: number;
  context: Context;
}

interface Panel {
  title: (chatId: number) => string;
  load: () => Promise<FunctionComponent<PanelProps>>;
}

export const panels = {
  info: {
    title: (chatId) => (chat(chatId)?.kind === 'group' ? t().membersTitle : t().chatInfo),
    load: () => import('../features/people/Info').then(({ Info }) => Info),
  },
} satisfies Record<string, Panel>;

export type PanelName = keyof typeof panels;
