/** Reports that I listened to a voice message. */
import type { MessageView } from '../../api/types';
import { isHeard } from '../../store/mine/voice';
import { myId } from '../../store/session';
import { queue } from '../outbox';

/** Notes that I began to listen to a message of another person, once. */
export function listened(message: MessageView): void {
  if (message.sender_id === myId() || isHeard(message)) return;
  void queue('voice.listen', { chat_id: message.chat_id, seq: message.seq });
}
