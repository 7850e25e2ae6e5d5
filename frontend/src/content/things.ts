/** Everything that can be opened, by name: a button or an act names it, the page and the conversation know how. */
import type { ChatFile, MessageView } from '../api/types';

export type Thing =
  | { kind: 'home' | 'settings' | 'keys' | 'newChat' | 'newGroup' | 'chats' | 'commands' }
  /** `seq`: at that message; `from`: the reply whose quote was followed. */
  | { kind: 'chat'; chatId: number; seq?: number; from?: number }
  /** The details of a chat, beside the conversation. */
  | { kind: 'info' | 'addMembers'; chatId: number }
  /** The files of a chat, beside the conversation; `tab`: of which kind. */
  | { kind: 'gallery'; chatId: number; tab?: string }
  | { kind: 'person'; userId: number }
  /** Asks for the chat of words from another program; `null`: of what the service worker has kept. */
  | { kind: 'share'; text: string | null }
  /** Creates a link into a group, or (without one) to the server. */
  | { kind: 'invite'; chatId: number | null }
  /** Asks before an act that cannot be undone, or may do harm. */
  | { kind: 'ask'; words: string; label: string; run: () => Promise<void> }
  /** The photos of a chat, beginning with a file of a message: those of its loaded messages, or others. */
  | { kind: 'viewer'; at: Spot; others?: Others }
  | { kind: 'alts' | 'details' | 'edit' | 'select' | 'react' | 'whoReacted'; message: MessageView };

/** The place of a file in a chat. */
export type Spot = Pick<ChatFile, 'chat_id' | 'seq' | 'place'>;

/** Files of a chat, the newest first, as far as they are loaded; `more` loads older ones. */
export interface Others {
  files: { readonly value: readonly ChatFile[] };
  /** Whether all are loaded. */
  isWhole: { readonly value: boolean };
  more: () => void;
}

export type Open = (thing: Thing) => void;

/** The thing of a name. */
export type Named<K extends Thing['kind']> = Thing & { kind: K };

/** The props of a dialog that is opened by name. */
export interface ThingProps<K extends Thing['kind']> {
  thing: Named<K>;
  onClose: () => void;
}
