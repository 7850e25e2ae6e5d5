/** A message in one line: for the chat list, quotes and announcements. */
import type { MessageView } from '../api/types';
import { t } from '../i18n';
import { clipMarks, cut } from '../lib/characters';
import { plain } from '../lib/words';
import { fullName } from './names/names';

export function preview(message: MessageView): string {
  if (message.deleted_at) return t().deletedShort;
  if (message.service) return serviceLine(message);
  return cut(clipMarks(plain(message.text, message.entities)).replace(/\s+/g, ' '), 160);
}

/** What the server says in a group. */
export function serviceLine({ service, sender_id }: MessageView): string {
  const who = fullName(sender_id);
  const name = clipMarks(service?.name ?? '');
  const whom = (service?.user_ids ?? []).map(fullName).join(', ');
  const isAlone = service?.user_ids.length === 1 && service.user_ids[0] === sender_id;
  switch (service?.action) {
    case 'chat.created':
      return t().serviceCreated(who, name);
    case 'chat.renamed':
      return t().serviceRenamed(who, name);
    case 'avatar.changed':
      return t().servicePictured(who);
    case 'avatar.removed':
      return t().serviceUnpictured(who);
    case 'member.joined':
      return isAlone ? t().serviceCame(who) : t().serviceAdded(who, whom);
    case 'member.left':
      return t().serviceLeft(who);
    default:
      return t().serviceRemoved(who, whom);
  }
}
