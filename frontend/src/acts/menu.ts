/** Makes items of a menu from acts. */
import { t } from '../i18n';
import type { MenuItem } from '../ui/Menu';
import type { Act, Context } from './act';
import { actsFor, keyOf, shortcutOf } from './all';

const itemOf = ({ id, label, icon, danger = false, isOn, run }: Act, context: Context): MenuItem => ({
  label: label(context),
  icon,
  danger,
  ...(keyOf(id) && { keys: keyOf(id), shortcut: shortcutOf(id) }),
  isOn: isOn?.(context),
  run: () => run(context),
});

const itemsIn = (acts: readonly Act[], context: Context, within?: Act['within']): MenuItem[] =>
  acts.filter((one) => one.within === within).map((one) => itemOf(one, context));

/** Returns the menu of the context; acts of another menu are in a submenu. */
export function itemsOf(on: Act['on'], context: Context): MenuItem[] {
  const acts = actsFor(on, context);
  const outer = itemsIn(acts, context);
  const inner: MenuItem[] = [
    { label: t().muteFor, icon: 'clock', items: itemsIn(acts, context, 'mute') },
    { label: t().level, icon: 'bell', items: itemsIn(acts, context, 'level') },
  ];
  const isSafe = (one: MenuItem): boolean => !one.danger;
  return [...outer.filter(isSafe), ...inner.filter((one) => one.items?.length), ...outer.filter((one) => one.danger)];
}

/** Returns the items about what a chat notifies about. */
export function noticeItems(chatId: number): MenuItem[] {
  const context: Context = { chatId, messages: [], open: () => {} };
  const acts = actsFor('chat', context);
  const mute = acts.filter((one) => one.id === 'toggle-mute');
  // Keys apply to a row of the list in focus, which is not on the page here.
  const withoutKeys = itemsIn(mute, context).map(({ keys: _, ...item }) => item);
  return [...withoutKeys, ...itemsIn(acts, context, 'mute'), ...itemsIn(acts, context, 'level')];
}
