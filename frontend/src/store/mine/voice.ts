/** Voice messages: which were listened to. */
import type { MessageView } from '../../api/types';
import { placeOf } from '../messages';
import { watchItems } from '../outbox';
import { myId } from '../session';

const asked = watchItems('voice.listen');

/** Says whether a voice message was listened to: mine by another person, that of another by me. */
export function isHeard(message: MessageView): boolean {
  const by = message.parts?.listened?.by ?? [];
  if (message.sender_id === myId()) return by.length > 0;
  return by.includes(myId()) || asked.value.some((one) => placeOf(one.data) === placeOf(message));
}
