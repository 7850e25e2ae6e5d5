/** Messages as plain text: who wrote what, and when. */
import type { MessageView } from '../api/types';
import { lang } from '../i18n';
import { clockTime, exactTime, isSameDay } from '../lib/time';
import { nameOf } from '../store/users';

/** Returns a line for each message; with the day if they are of several days. */
export function written(messages: readonly MessageView[]): string {
  const [first] = messages;
  const isOneDay = messages.every((one) => first && isSameDay(one.sent_at, first.sent_at));
  const time = isOneDay ? clockTime : exactTime;
  return messages.map((one) => `${nameOf(one.sender_id)}, ${time(one.sent_at, lang.value)}: ${one.text}`).join('\n');
}
