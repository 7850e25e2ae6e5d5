/** Returns who is typing in a chat, as text; empty if no one is. */
import { lang, t } from '../../i18n';
import { lists } from '../../i18n/plural';
import { typing } from '../../store/chats';
import { nameOf } from '../../store/users';

const NAMED = 3;

export function typingWords(chatId: number): string {
  const writers = [...(typing.value.get(chatId)?.keys() ?? [])];
  if (writers.length > NAMED) return t().typingMany(writers.length);
  if (writers.length > 1) return t().typingNames(lists[lang.value].format(writers.map(nameOf)));
  return writers[0] ? t().typing(nameOf(writers[0])) : '';
}
