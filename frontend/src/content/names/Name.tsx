/** Draws every name on the page: inside its box, with a note that tells namesakes apart. */
import { chat } from '../../store/chats';
import { nameOf } from '../../store/users';
import css from './Name.module.css';
import { noteOf, titleOf } from './names';

/** Draws a name. `isLine`: all in one line, cut at its end; otherwise the note is below and a long name wraps. */
export function Name({ id, isLine = false }: { id: number; isLine?: boolean }) {
  return <Boxed words={nameOf(id)} note={noteOf(id, isLine)} isLine={isLine} />;
}

/** Draws the name of a chat, in one line or more. */
export function Title({ chatId, isLine = false }: { chatId: number; isLine?: boolean }) {
  const peer = chat(chatId)?.peer;
  return <Boxed words={titleOf(chatId)} note={peer ? noteOf(peer.id, isLine) : ''} isLine={isLine} />;
}

function Boxed({ words, note, isLine }: { words: string; note: string; isLine: boolean }) {
  return (
    <span class={`${css.name} ${isLine ? css.line : ''}`}>
      <bdi>{words}</bdi>
      {note && <small>{isLine ? ` · ${note}` : note}</small>}
    </span>
  );
}
