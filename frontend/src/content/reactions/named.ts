/** Names of emoji, and the announcement of a chosen one. */
import { signal } from '@preact/signals';
import type { MessageView } from '../../api/types';
import { lang, t } from '../../i18n';
import { react } from '../../sync/reactions';
import { say } from '../../ui/Toast';
import type { Emoji } from '../emoji';

const known = signal<ReadonlyMap<string, Emoji['name']>>(new Map());

/** Returns the name of an emoji; the emoji itself if its name is not loaded. */
export const emojiName = (mark: string): string => t().emojiAtHand[mark] ?? known.value.get(mark)?.[lang.value] ?? mark;

/** Loads the names of all emoji if one of these is not loaded. */
export async function loadNames(marks: readonly string[]): Promise<void> {
  if (known.value.size || marks.every((mark) => t().emojiAtHand[mark])) return;
  const { emoji } = await import('../emoji');
  known.value = new Map(emoji.map(({ mark, name }) => [mark, name]));
}

/** Adds my reaction to a message, or removes it, and announces the result. */
export function toggle(message: MessageView, mark: string): void {
  say((react(message, mark) ? t().reactionSet : t().reactionTaken)(emojiName(mark)));
}
