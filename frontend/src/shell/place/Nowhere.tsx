/** What an address is that leads nowhere: no page, no chat, or none that this person is in. */
import { useEffect, useState } from 'preact/hooks';
import { t } from '../../i18n';
import { connection } from '../../store/session';
import { seesChat } from '../../sync';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import css from '../App.module.css';
import { goHome } from '../routes';

export function Nowhere({ title = t().noPage, hint = t().noPageHint }: { title?: string; hint?: string }) {
  return (
    <main class={css.nothing}>
      <Empty title={title} hint={hint}>
        <Button kind="primary" onClick={goHome}>
          {t().toChats}
        </Button>
      </Empty>
    </main>
  );
}

/** Draws a chat that is not in my list: it is on its way, or the server says that there is none for me. */
export function MissingChat({ chatId }: { chatId: number }) {
  const [isMissing, setMissing] = useState(false);
  const line = connection.value;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new connection is a reason to ask again
  useEffect(() => {
    let isWanted = true;
    if (line === 'online')
      seesChat(chatId).then(
        (sees) => isWanted && setMissing(!sees),
        () => undefined,
      );
    return () => {
      isWanted = false;
    };
  }, [chatId, line]);
  if (isMissing) return <Nowhere title={t().noChatHere} hint={t().noChatHereHint} />;
  return (
    <main class={css.booting} aria-busy="true">
      <p role="status">{line === 'online' ? t().loading : t().noNetworkYet}</p>
    </main>
  );
}
