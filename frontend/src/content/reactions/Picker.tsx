/** All emoji, to react to a message with one of them. */
import type { DialogProps } from '../dialog';
import { EmojiPicker } from '../picker/EmojiPicker';
import { toggle } from './named';

export function Picker({ message, onClose }: DialogProps) {
  const bubble = document.querySelector<HTMLElement>(`article[data-seq="${message.seq}"] > div`);
  return <EmojiPicker anchor={bubble ?? document.body} onPick={(mark) => toggle(message, mark)} onClose={onClose} />;
}
