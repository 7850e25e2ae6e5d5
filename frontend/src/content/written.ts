/** Messages for the clipboard: who wrote what, and when. */
import type { MessageView } from '../api/types';
import { lang } from '../i18n';
import { clockTime, exactTime, isSameDay } from '../lib/time';
import { nameOf } from '../store/users';
import type { Copied } from '../ui/clipboard';
import { filesOf } from './file/files';
import { escaped, htmlOf } from './html';

/** Returns a line for each message; with the day if they are of several days. One message is its text alone. */
export function written(messages: readonly MessageView[]): Copied {
  const [first, ...more] = messages;
  if (!first) return { text: '' };
  if (!more.length) return { text: textOf(first), html: markedUp(first) };
  const isOneDay = messages.every((one) => isSameDay(one.sent_at, first.sent_at));
  const time = isOneDay ? clockTime : exactTime;
  const heads = messages.map((one) => `${nameOf(one.sender_id)}, ${time(one.sent_at, lang.value)}: `);
  return {
    text: messages.map((one, place) => `${heads[place]}${textOf(one)}`).join('\n'),
    html: messages.map((one, place) => `<p>${escaped(heads[place] ?? '')}${markedUp(one)}</p>`).join(''),
  };
}

const namesOf = (message: MessageView): string[] => filesOf(message).map(({ name }) => name);

/** Returns the names of the files of a message, a line for each, then its text. */
const textOf = (message: MessageView): string => [...namesOf(message), message.text].filter(Boolean).join('\n');

const markedUp = (message: MessageView): string =>
  [...namesOf(message).map(escaped), htmlOf(message.text, message.entities)].filter(Boolean).join('<br>');
