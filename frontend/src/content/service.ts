/** Service messages of a group. */
import type { MessageView } from '../api/types';
import { lang, t } from '../i18n';
import { lists } from '../i18n/plural';
import { clipMarks } from '../lib/characters';
import { fullName } from './names/names';

/** The number of newcomers who are named in one message; a longer list becomes a count. */
const NAMED = 10;

/** Returns the sentence of a service message. */
export function serviceLine({ service, sender_id }: MessageView): string {
  const who = fullName(sender_id);
  const name = clipMarks(service?.name ?? '');
  const ids = service?.user_ids ?? [];
  /** Lists the people whom it is about. */
  const whom = (): string => lists[lang.value].format(ids.slice(0, NAMED).map(fullName));
  const isAlone = ids.length === 1 && ids[0] === sender_id;
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
      if (ids.length > NAMED) return t().serviceAddedMany(who, ids.length);
      return isAlone ? t().serviceCame(who) : t().serviceAdded(who, whom(), ids.length);
    case 'member.left':
      return t().serviceLeft(who);
    default:
      return t().serviceRemoved(who, whom());
  }
}
