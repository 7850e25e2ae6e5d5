/** The slots of a message around its body: a line for each thing. */
import type { FunctionComponent } from 'preact';
import type { MessageView } from '../api/types';
import { Chips } from './reactions/Chips';
import { Quick } from './reactions/Quick';
import { Reply } from './reply/Reply';

/** Draws nothing where the message has none of it. */
export type Slot = FunctionComponent<{ message: MessageView; onJump: (seq: number) => void }>;

const Answered: Slot = ({ message, onJump }) =>
  message.reply_to ? <Reply chatId={message.chat_id} seq={message.reply_to} onJump={onJump} /> : null;

/** `beside`: drawn while a mouse is over the message. */
export const slots: Readonly<Record<'above' | 'below' | 'foot' | 'beside', readonly Slot[]>> = {
  above: [Answered],
  below: [],
  foot: [Chips],
  beside: [Quick],
};

/** Drawn over the acts in the menu of a message. */
export const menuHeads: readonly FunctionComponent<{ message: MessageView; onClose: () => void }>[] = [Quick];
