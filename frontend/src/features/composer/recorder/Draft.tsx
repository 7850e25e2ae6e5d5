/** A recording that can be listened to before it is sent. */
import { useEffect, useState } from 'preact/hooks';
import { peaksOf } from '../../../content/voice/heights';
import { Sound } from '../../../content/voice/Player';
import { end } from '../../../content/voice/playing';
import type { Recorded } from '../../../sync/voice/keeping';
import css from './Recorder.module.css';

/** The time in which a deleted recording comes back, ms. */
export const UNDO_MS = 10_000;

/** Draws a recording that can be listened to before it is sent. */
export function Draft({ recorded: { id, bytes, ms, heights } }: { recorded: Recorded }) {
  const [address, setAddress] = useState('');
  useEffect(() => {
    const opened = URL.createObjectURL(bytes);
    setAddress(opened);
    return () => {
      end(id);
      URL.revokeObjectURL(opened);
    };
  }, [id, bytes]);
  return (
    <div class={css.sound}>
      <Sound track={{ key: id, address, length: ms, chatId: 0, seq: 0 }} peaks={peaksOf(heights)} />
    </div>
  );
}
