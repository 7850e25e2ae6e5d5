/** What stands in the slots of a message's bubble besides its body: a line for each thing. */
import type { FunctionComponent } from 'preact';
import type { MessageView } from '../api/types';
import { Reply } from './reply/Reply';

/** Draws nothing where the message has none of it. */
export type Part = FunctionComponent<{ message: MessageView; onJump: (seq: number) => void }>;

const Answered: Part = ({ message, onJump }) =>
  message.reply_to ? <Reply chatId={message.chat_id} seq={message.reply_to} onJump={onJump} /> : null;

export const parts: Readonly<Record<'above' | 'below' | 'foot', readonly Part[]>> = {
  above: [Answered],
  below: [],
  foot: [],
};
