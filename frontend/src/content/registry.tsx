/** The slots of a message around its body: a line for each feature. */
import type { FunctionComponent } from 'preact';
import type { MessageView } from '../api/types';
import { Cards } from './card/Cards';
import { Files } from './file/Files';
import { Photos } from './file/Photos';
import { Chips } from './reactions/Chips';
import { Quick } from './reactions/Quick';
import { Reply } from './reply/Reply';
import type { Open } from './things';
import { Voice } from './voice/Voice';

/** Draws nothing for a message without this part. */
export type Slot = FunctionComponent<{ message: MessageView; open: Open }>;

const Answered: Slot = ({ message: { chat_id: chatId, seq: from, reply_to: replyTo }, open }) =>
  replyTo ? (
    <Reply
      id={`quote-${from}`}
      chatId={chatId}
      seq={replyTo}
      onJump={(seq) => open({ kind: 'chat', chatId, seq, from })}
    />
  ) : null;

/** `beside`: drawn while a mouse is over the message. */
export const slots: Readonly<Record<'above' | 'below' | 'foot' | 'beside', readonly Slot[]>> = {
  above: [Answered, Photos, Voice, Files],
  below: [Cards],
  foot: [Chips],
  beside: [Quick],
};

/** Drawn over the acts in the menu of a message. */
export const menuHeads: readonly FunctionComponent<{ message: MessageView; onClose: () => void }>[] = [Quick];
