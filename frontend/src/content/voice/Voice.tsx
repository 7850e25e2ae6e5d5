/** The place of a voice message, of one size: the player is loaded with the first of them. */
import type { MessageView } from '../../api/types';
import type { Item } from '../../store/outbox';
import { voiceOf } from '../file/files';
import { usePart } from '../part';
import css from './Voice.module.css';

const load = () => import('./Player');

export const Voice = ({ message }: { message: MessageView }) =>
  voiceOf(message) ? <VoicePlace message={message} /> : null;

/** Draws the recording of a message, sent or not. */
export function VoicePlace(props: { message: MessageView } | { item: Item }) {
  const part = usePart(true, load);
  return <div class={css.place}>{part && <part.Player {...props} />}</div>;
}
