/** Announces new messages of others in the open chat, at most once in 2 s; several become a number. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { MessageView } from '../../api/types';
import { preview } from '../../content/preview';
import { t } from '../../i18n';
import { cut } from '../../lib/characters';
import { myId } from '../../store/session';
import { nameOf } from '../../store/users';
import css from './MessageList.module.css';

const EVERY_MS = 2000;

export function Announcer({ items }: { items: readonly MessageView[] }) {
  const [said, setSaid] = useState<{ message?: MessageView; words: string }>({ words: '' });
  const last = useRef(items.at(-1)?.seq ?? 0);
  const waiting = useRef<MessageView[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => {
    waiting.current.push(
      ...items.filter((one) => one.seq > last.current && one.sender_id !== myId() && one.kind === 'text'),
    );
    // The newest ones leave the window while the reader is far above them; they are not new when they return.
    last.current = Math.max(last.current, items.at(-1)?.seq ?? 0);
    if (!waiting.current.length || timer.current) return;
    timer.current = setTimeout(() => {
      const [first, ...more] = waiting.current;
      if (first)
        setSaid(
          more.length
            ? { words: t().newCount(more.length + 1) }
            : { message: first, words: t().saidBy(nameOf(first.sender_id), cut(preview(first), 120)) },
        );
      waiting.current = [];
      timer.current = null;
    }, EVERY_MS);
  }, [items]);
  // An announced text does not stay on the page.
  const isSaid = !said.message || items.some((one) => one.seq === said.message?.seq && one.rev === said.message.rev);
  return (
    <p class={css.spoken} aria-live="polite">
      {isSaid && said.words}
    </p>
  );
}
