/** Makes items of a menu from acts. */
import { t } from '../i18n';
import type { MenuItem } from '../ui/Menu';
import type { Act, Context } from './act';
import { actsFor, keyOf } from './all';

const itemOf = ({ id, label, icon, danger = false, isOn, run }: Act, context: Context): MenuItem => ({
  label: label(context),
  icon,
  danger,
  ...(keyOf(id) && { keys: keyOf(id) }),
  isOn: isOn?.(context),
  run: () => run(context),
});

/** Returns the menu of the context; acts of another menu are in a submenu. */
export function itemsOf(on: Act['on'], context: Context): MenuItem[] {
  const acts = actsFor(on, context);
  const itemsIn = (within?: Act['within']): MenuItem[] =>
    acts.filter((one) => one.within === within).map((one) => itemOf(one, context));
  const outer = itemsIn();
  const inner: MenuItem[] = [
    { label: t().muteFor, icon: 'clock', items: itemsIn('mute') },
    { label: t().level, icon: 'bell', items: itemsIn('level') },
  ];
  const isSafe = (one: MenuItem): boolean => !one.danger;
  return [...outer.filter(isSafe), ...inner.filter((one) => one.items?.length), ...outer.filter((one) => one.danger)];
}
