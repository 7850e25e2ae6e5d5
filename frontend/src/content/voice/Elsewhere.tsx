/** What plays while another chat is open: its author, where it is, and the buttons. */
import { Pause, Play } from 'lucide';
import { t } from '../../i18n/screens/player';
import { playTime } from '../../lib/time';
import { findMessage } from '../../store/messages';
import { IconButton } from '../../ui/Button';
import { fullName } from '../names/names';
import type { Open } from '../things';
import css from './Player.module.css';
import { at, current, isPlaying, length, stop, toggle } from './playing';
export function Elsewhere({ chatId, open }: { chatId: number | null; open: Open }) {
  const track = current.value;
  if (!track?.seq || track.chatId === chatId) return null;
  const author = findMessage(track.chatId, track.seq)?.sender_id;
  const from = author ? fullName(author) : '';
  return (
    <div class={css.strip} role="group" aria-label={t().playNow}>
      <IconButton
        icon={isPlaying() ? Pause : Play}
        label={isPlaying() ? t().playPause : t().play(length.value)}
        onClick={() => toggle(track)}
      />
      <button
        type="button"
        aria-label={t().playGoTo(from)}
        onClick={() => open({ kind: 'chat', chatId: track.chatId, seq: track.seq })}
      >
        {from} · {playTime(at.value)} / {playTime(length.value)}
      </button>
      <IconButton icon="close" label={t().playStop} onClick={stop} />
    </div>
  );
}
