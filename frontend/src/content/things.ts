/** What can be opened, by name: a button or an act says which, the page and the conversation know how. */
import type { MessageView } from '../api/types';

export type Thing =
  | { kind: 'home' | 'settings' | 'keys' | 'newChat' | 'newGroup' | 'chats' | 'commands' }
  /** `seq`: at that message. */
  | { kind: 'chat'; chatId: number; seq?: number }
  /** What is known of a chat, beside the conversation. */
  | { kind: 'info' | 'addMembers'; chatId: number }
  /** A link into a group, or (without one) to the server. */
  | { kind: 'invite'; chatId: number | null }
  /** Asks before it runs something that cannot be taken back. */
  | { kind: 'ask'; words: string; label: string; run: () => Promise<void> }
  | { kind: 'details' | 'edit' | 'select' | 'react' | 'whoReacted'; message: MessageView };

export type Open = (thing: Thing) => void;

/** The thing of a name. */
export type Named<K extends Thing['kind']> = Thing & { kind: K };

/** What a dialog gets that is opened by name. */
export interface ThingProps<K extends Thing['kind']> {
  thing: Named<K>;
  onClose: () => void;
}
