/** The quoted message of a reply; its line always has the same height, so nothing moves when it loads. */
import { t } from '../../i18n';
import { nameOf } from '../../store/users';
import { Name } from '../names/Name';
import { preview } from '../preview';
import css from './Reply.module.css';
import { useMessage } from './shown';

interface Props {
  id?: string;
  chatId: number;
  seq: number;
  onJump?: ((seq: number) => void) | undefined;
}

export function Reply({ id, chatId, seq, onJump }: Props) {
  const message = useMessage(chatId, seq);
  return (
    <button
      type="button"
      id={id}
      class={css.quote}
      aria-label={message ? t().inReplyTo(nameOf(message.sender_id), preview(message)) : undefined}
      onClick={() => onJump?.(seq)}
      disabled={!onJump}
    >
      <b>{message ? <Name id={message.sender_id} isLine /> : '…'}</b>
      <span>{message ? preview(message) : ''}</span>
    </button>
  );
}
