/** Makes items of a menu from acts. */
import { t } from '../i18n';
import type { MenuItem } from '../ui/Menu';
import type { Act, Context } from './act';
import { actsFor } from './all';

export const itemsOf = (on: Act['on'], context: Context): MenuItem[] =>
  actsFor(on, context).map(({ label, icon, danger = false, isOn, run }) => ({
    label: label(context),
    icon,
    danger,
    isOn: isOn?.(context),
    run: () => run(context),
  }));

/** Returns the menu of a chat of the list; times of a mute and levels are one step further in. */
export function rowItems(context: Context): MenuItem[] {
  const [mute, level] = [itemsOf('mute', context), itemsOf('level', context)];
  const inner: MenuItem[] = [
    { label: t().muteFor, icon: 'clock', items: mute },
    { label: t().level, icon: 'bell', items: level },
  ];
  return [...itemsOf('chat', context), ...inner.filter((one) => one.items?.length)];
}
