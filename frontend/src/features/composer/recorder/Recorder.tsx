/** The recorder of a chat: a recording that goes on, or one that was not sent. */
import { useEffect, useState } from 'preact/hooks';
import { peaksOf } from '../../../content/voice/heights';
import { t } from '../../../i18n/screens/recorder';
import { recorded } from '../../../store/mine/voice';
import { dropRecorded, keepRecorded, type Recorded, readKept } from '../../../sync/voice/keeping';
import { sendVoice } from '../../../sync/voice/sending';
import { IconButton } from '../../../ui/Button';
import { toast } from '../../../ui/Toast';
import { begun } from './begun';
import { Draft, UNDO_MS } from './Draft';
import { Live } from './Live';
import css from './Recorder.module.css';

interface Props {
  chatId: number;
  onDone: () => void;
}

export function Recorder({ chatId, onDone }: Props) {
  const now = begun.value;
  return now?.chatId === chatId ? <Live chatId={chatId} at={now.at} /> : <Offer chatId={chatId} onDone={onDone} />;
}

/** Offers a recording that was not sent: after a reload, a crash, a call, or a way to another chat. */
function Offer({ chatId, onDone }: Props) {
  const [found, setFound] = useState<Recorded>();
  const all = recorded.value;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of what is kept is read
  useEffect(() => {
    let isWanted = true;
    void readKept(chatId).then((one) => isWanted && setFound(one));
    return () => {
      isWanted = false;
    };
  }, [chatId, all]);
  if (!found) return null;
  const drop = (): void => {
    setFound(undefined);
    onDone();
    void dropRecorded(found);
    toast(t().recordDropped, { label: t().undo, run: () => void keepRecorded(found) }, UNDO_MS);
  };
  const send = (): void => {
    setFound(undefined);
    onDone();
    void sendVoice(found, peaksOf(found.heights));
  };
  return (
    <div class={css.bar} role="group" aria-label={t().recordKept(found.ms)}>
      <p class={css.note}>{t().recordKept(found.ms)}</p>
      <IconButton icon="remove" label={t().recordDrop} onClick={drop} />
      <Draft recorded={found} />
      <IconButton icon="send" label={t().send} onClick={send} />
    </div>
  );
}
