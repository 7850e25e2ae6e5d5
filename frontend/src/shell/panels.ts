/** Panels beside a conversation, by the name in the address; each is loaded when it is first opened. */
import type { FunctionComponent } from 'preact';
import type { Context } from '../acts/act';
import { t } from '../i18n';
import { chat } from '../store/chats';

export interface PanelProps {
  chatId: number;
  context: Context;
  /** What the panel shows of itself, as the address says: '' is what it shows first. */
  tab: string;
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
  gallery: {
    title: () => t().gallery,
    load: () => import('../features/gallery/Gallery').then(({ Gallery }) => Gallery),
  },
} satisfies Record<string, Panel>;

export type PanelName = keyof typeof panels;
