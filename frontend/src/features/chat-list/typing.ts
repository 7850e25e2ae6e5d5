/** Returns who is typing or recording in a chat, as text; empty if no one is. */
import { lang, t } from '../../i18n';
import { lists } from '../../i18n/plural';
import { typing } from '../../store/chats';
import { nameOf } from '../../store/users';

const NAMED = 3;

export function typingWords(chatId: number): string {
  const doing = typing.value.get(chatId);
  const writers = [...(doing?.keys() ?? [])];
  if (writers.length > NAMED) return t().typingMany(writers.length);
  if (writers.length > 1) return t().typingNames(lists[lang.value].format(writers.map(nameOf)));
  if (!writers[0]) return '';
  const name = nameOf(writers[0]);
  return doing?.get(writers[0])?.kind === 'recording' ? t().voiceTyping(name) : t().typing(name);
}
