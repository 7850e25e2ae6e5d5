/** Everything that can be done; a line for each topic. */
import { type Act, type Context, presses } from './act';
import { chatActs } from './chats';
import { groupActs } from './group';
import { listActs } from './list';
import { memberActs } from './members';
import { mentionActs } from './mentions';
import { messageActs } from './messages';
import { pageActs } from './page';
import { reactionActs } from './reactions';

export const acts: readonly Act[] = [
  ...pageActs,
  ...chatActs,
  ...mentionActs,
  ...messageActs,
  ...reactionActs,
  ...listActs,
  ...groupActs,
  ...memberActs,
];

/** Returns what can be done there, in the order of the list: what takes something away comes last. */
export const actsFor = (on: Act['on'], context: Context): Act[] =>
  acts
    .filter((one) => one.on === on && (one.when?.(context) ?? true))
    .sort((a, b) => Number(a.danger ?? false) - Number(b.danger ?? false));

/** Does what a key means, of all acts or of one; `false` where it means nothing. */
export function press(on: Act['on'], context: Context, event: KeyboardEvent, id?: string): boolean {
  const meant = actsFor(on, context).filter((one) => id === undefined || one.id === id);
  const act = meant.find(({ chord }) => chord && presses(chord, event));
  act?.run(context);
  return act !== undefined;
}
