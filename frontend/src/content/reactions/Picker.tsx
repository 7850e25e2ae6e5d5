/** All emoji, for a reaction to a message. */
import { useLayoutEffect } from 'preact/hooks';
import { visited } from '../../lib/browser';
import { EmojiPicker } from '../picker/EmojiPicker';
import type { ThingProps } from '../things';
import { toggle } from './named';

export function Picker({ thing: { message }, onClose }: ThingProps<'react'>) {
  // The picker was loading: the focus returns to its element before that.
  useLayoutEffect(() => visited(() => {}), []);
  const bubble = document.querySelector<HTMLElement>(`article[data-seq="${message.seq}"] > div`);
  return <EmojiPicker anchor={bubble ?? document.body} onPick={(mark) => toggle(message, mark)} onClose={onClose} />;
}
