/** A message on its way: what became of it, and what can be done. */
import { useEffect, useState } from 'preact/hooks';
import { Text } from '../../content/text/Text';
import { t } from '../../i18n';
import { parse } from '../../lib/markup';
import { mentionsOf } from '../../lib/mentions';
import type { Draft } from '../../store/drafts';
import type { Pending } from '../../store/messages';
import { myId } from '../../store/session';
import { nameOf } from '../../store/users';
import { retry, withdraw } from '../../sync';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Quote, Sender } from './Message';
import css from './Message.module.css';

const SLOW_MS = 300;

export function PendingMessage({
  item,
  isFirst,
  isGroup,
  onEdit,
}: {
  item: Pending;
  isFirst: boolean;
  isGroup: boolean;
  onEdit: (draft: Draft) => void;
}) {
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, []);
  const words = { queued: t().stateQueued, sending: t().stateSending, failed: t().stateFailed }[item.state];
  const entities = parse(
    item.text,
    item.mentions.map((id) => [nameOf(id), id]),
  );
  const takeBack = (): void => {
    const text = withdraw(item.cmid);
    onEdit({ text, replyTo: null, mentions: mentionsOf(text, entities) });
  };
  const isShown = isSlow || item.state === 'failed';
  return (
    <article
      class={`${css.message} ${css.mine} ${css.rising} ${isFirst ? css.first : ''} ${isGroup ? css.inGroup : ''}`}
    >
      {isGroup && isFirst && <Sender id={myId()} />}
      <div class={css.bubble}>
        {isGroup && isFirst && <p class={css.author}>{nameOf(myId())}</p>}
        {item.replyTo && <Quote chatId={item.chatId} seq={item.replyTo} />}
        <div class={css.words}>
          <Text text={item.text} entities={entities} />
          <p class={`${css.foot} ${item.state === 'failed' ? css.failed : ''}`}>
            <span
              role="img"
              aria-label={isShown ? words : t().stateSending}
              title={words}
              style={{ opacity: isShown ? 1 : 0 }}
            >
              <Icon name={item.state === 'failed' ? 'failed' : 'clock'} size={14} />
            </span>
          </p>
        </div>
        {item.state === 'failed' && (
          <div class={css.actions}>
            <p role="alert">{item.reason || t().stateFailed}</p>
            <Button onClick={() => retry(item.cmid)}>{t().retry}</Button>
            <Button onClick={takeBack}>{t().edit}</Button>
            <Button kind="danger" onClick={() => withdraw(item.cmid)}>
              {t().remove}
            </Button>
          </div>
        )}
        {item.state === 'queued' && isSlow && (
          <button type="button" class={css.withdraw} onClick={takeBack}>
            {t().withdraw}
          </button>
        )}
      </div>
    </article>
  );
}
