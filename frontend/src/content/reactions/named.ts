/** Emoji in words, and what is said when one was chosen. */
import { signal } from '@preact/signals';
import type { MessageView } from '../../api/types';
import { lang, t } from '../../i18n';
import { react } from '../../sync/reactions';
import { say } from '../../ui/Toast';
import type { Emoji } from '../emoji';

const known = signal<ReadonlyMap<string, Emoji['name']>>(new Map());

/** The name of an emoji; itself where its name is not loaded. */
export const emojiName = (mark: string): string => t().emojiAtHand[mark] ?? known.value.get(mark)?.[lang.value] ?? mark;

/** Load the names of all emoji, where one of these is not at hand. */
export async function loadNames(marks: readonly string[]): Promise<void> {
  if (known.value.size || marks.every((mark) => t().emojiAtHand[mark])) return;
  const { emoji } = await import('../emoji');
  known.value = new Map(emoji.map(({ mark, name }) => [mark, name]));
}

/** React to a message, or take that back, and say which it was. */
export function toggle(message: MessageView, mark: string): void {
  say((react(message, mark) ? t().reactionSet : t().reactionTaken)(emojiName(mark)));
}
