/** Names in words: of chats, and what tells people of one name apart. */
import { lang, t } from '../../i18n';
import { clipMarks } from '../../lib/characters';
import { clockTime, exactTime, fullDate, shortDate } from '../../lib/time';
import { chat } from '../../store/chats';
import { myId, server } from '../../store/session';
import { nameOf, namesakesOf } from '../../store/users';

/** The name of a chat as it is shown. */
export function titleOf(chatId: number): string {
  const view = chat(chatId);
  return view?.kind === 'saved' ? t().savedMessages : clipMarks(view?.name ?? '');
}

/** The name of the server as it is shown, where it is known. */
export const serverName = (): string | undefined => (server.value ? clipMarks(server.value.name) : undefined);

/** The name of a person in a sentence, or for the ear: with what tells namesakes apart. */
export function fullName(userId: number): string {
  const note = noteOf(userId);
  return note ? `${nameOf(userId)} (${note})` : nameOf(userId);
}

/**
 * What tells a person from the others of that name, in words; empty where nobody else is known by it. It says only what everybody
 * may know: since which day they are here, the minute where that is the same, the end of the account's number where both are.
 * `isShort` is for a line with little room.
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
