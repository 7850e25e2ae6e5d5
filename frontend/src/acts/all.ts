/** All actions; a line for each topic. */
import { type Act, type Context, presses } from './act';
import { chatActs } from './chats';
import { messageActs } from './messages';
import { pageActs } from './page';
import { reactionActs } from './reactions';

export const acts: readonly Act[] = [...pageActs, ...chatActs, ...messageActs, ...reactionActs];

/** Returns the available acts, in the order of the list; destructive ones come last. */
export const actsFor = (on: Act['on'], context: Context): Act[] =>
  acts
    .filter((one) => one.on === on && (one.when?.(context) ?? true))
    .sort((a, b) => Number(a.danger ?? false) - Number(b.danger ?? false));

/** Runs the action of a key; returns `false` for a key without one. */
export function press(on: Act['on'], context: Context, event: KeyboardEvent): boolean {
  const act = actsFor(on, context).find(({ chord }) => chord && presses(chord, event));
  act?.run(context);
  return act !== undefined;
}
