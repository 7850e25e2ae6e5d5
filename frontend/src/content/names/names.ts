/** Names as text: of chats, and the note that tells namesakes apart. */
import { lang, t } from '../../i18n';
import { clipMarks } from '../../lib/characters';
import { clockTime, exactTime, fullDate, shortDate } from '../../lib/time';
import { chat } from '../../store/chats';
import { myId, server } from '../../store/session';
import { nameOf, namesakesOf } from '../../store/users';

/** Returns the name of a chat as it is shown. */
export function titleOf(chatId: number): string {
  const view = chat(chatId);
  return view?.kind === 'saved' ? t().savedMessages : clipMarks(view?.name ?? '');
}

/** Returns the name of the server as it is shown, if it is known. */
export const serverName = (): string | undefined => (server.value ? clipMarks(server.value.name) : undefined);

/** Returns the name of a person for sentences and screen readers, with the note that tells namesakes apart. */
export function fullName(userId: number): string {
  const note = noteOf(userId);
  return note ? `${nameOf(userId)} (${note})` : nameOf(userId);
}

/**
 * Returns the note that tells a person from others of that name; empty for a unique name. The note holds only public
 * facts: the day of joining, then the minute, then the end of the account's number. `isShort` is for a narrow line.
 */
export function noteOf(userId: number, isShort = false): string {
  const same = namesakesOf(userId);
  const meant = same.find((one) => one.id === userId);
  if (!meant) return '';
  if (userId === myId()) return t().you;
  const since = isShort ? t().since : t().hereSince;
  const moment = (form: typeof fullDate, { created_at } = meant): string => form(created_at, lang.value);
  const tells = (form: typeof fullDate): boolean =>
    same.every((one) => one === meant || moment(form, one) !== moment(form));
  const form = (isShort ? [shortDate, clockTime] : [fullDate, exactTime]).find(tells);
  if (form) return since(moment(form));
  const number = t().numbered(String(userId).slice(-4));
  return isShort ? number : `${since(moment(exactTime))}, ${number}`;
}
