/** A pending message, of the same size as the sent one: its state and its actions. */
import { useEffect, useState } from 'preact/hooks';
import { PendingFiles, refusalOf } from '../../content/file/PendingFiles';
import { pendingLine } from '../../content/preview';
import { Reply } from '../../content/reply/Reply';
import { Text } from '../../content/text/Text';
import { lang, t } from '../../i18n';
import { parse } from '../../lib/markup';
import { mentionsOf } from '../../lib/mentions';
import { clockTime } from '../../lib/time';
import type { Draft } from '../../store/drafts';
import type { Pending } from '../../store/messages';
import { setTray, trayOf } from '../../store/mine/tray';
import { isWaiting } from '../../store/outbox';
import { isAway } from '../../store/session';
import { spelled } from '../../store/users';
import { again, chosenOf, withdraw } from '../../sync';
import { Button, IconButton } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Bubble } from './Bubble';
import { Folded, mayBeLong } from './Folded';
import css from './Message.module.css';

const SLOW_MS = 300;

export function PendingMessage({
  item,
  isSoon,
  onEdit,
}: {
  item: Pending;
  isSoon: boolean;
  onEdit: (draft: Draft) => void;
}) {
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, []);
  const sending = t().stateSending;
  const queued = isWaiting(item) && !isAway() ? t().stateUploading : t().stateQueued;
  const words = { queued, sending, failed: t().stateFailed, answered: sending }[item.state];
  const { chat_id, text, reply_to: replyTo = null, mentions = [] } = item.data;
  const entities = parse(text, spelled(mentions));
  const { files = [] } = item;
  const back = (): void => {
    // Read before the item goes, with its bytes.
    if (files.length)
      void chosenOf(item).then(async (chosen) => {
        const [voice] = files[0]?.voice ? chosen : [];
        if (voice) await (await import('../../sync/voice/keeping')).takeBack(item, voice.file);
        else setTray(chat_id, [...chosen, ...trayOf(chat_id)]);
      });
    withdraw(item.cmid);
    onEdit({ text, replyTo, mentions: mentionsOf(text, entities) });
  };
  const isOffered = item.state === 'queued' && isSlow;
  const isShown = isSlow || item.state === 'failed';
  const withdrawal = (
    <span class={`${css.withdraw} ${isOffered ? css.offered : ''}`}>
      <IconButton icon="undo" label={t().withdraw} onClick={back} />
    </span>
  );
  const refusal = item.state === 'failed' && (
    <div class={css.actions}>
      <p role="alert">{refusalOf(item) || t().stateFailed}</p>
      <Button onClick={() => again(item.cmid)}>{t().retry}</Button>
      <Button onClick={back}>{t().edit}</Button>
      <Button kind="danger" onClick={() => withdraw(item.cmid)}>
        {t().remove}
      </Button>
    </div>
  );
  const foot = (
    <span class={`${css.foot} ${isShown ? '' : css.brief} ${item.state === 'failed' ? css.failed : ''}`}>
      <time dateTime={item.at}>{clockTime(item.at, lang.value)}</time>
      <span
        role="img"
        aria-label={isShown ? words : t().stateSending}
        title={words}
        style={{ opacity: isShown ? 1 : 0 }}
      >
        <Icon name={item.state === 'failed' ? 'failed' : 'clock'} size={14} />
      </span>
    </span>
  );
  return (
    <Bubble
      isMine
      isRising
      isSoon={isSoon}
      above={
        <>
          {replyTo && <Reply chatId={chat_id} seq={replyTo} />}
          <PendingFiles item={item} />
        </>
      }
      below={refusal}
      beside={withdrawal}
      aria-label={`${t().saidBy(t().you, pendingLine(item))}, ${isShown ? words : sending}`}
    >
      {mayBeLong(text) ? (
        <Folded foot={foot}>
          <Text text={text} entities={entities} />
        </Folded>
      ) : (
        <Text text={text} entities={entities}>
          {foot}
        </Text>
      )}
    </Bubble>
  );
}
