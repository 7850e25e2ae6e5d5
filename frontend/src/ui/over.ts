/** What is open over the page (dialogs, menus, pickers), the lowest first: the way back closes the top one. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { emitter } from '../lib/emitter';

const open: (() => void)[] = [];

/** Emits after each opening and closing. */
export const onOver = emitter<void>();

/** Notes that something opened, with the function that closes it; returns the function that notes its end. */
function over(close: () => void): () => void {
  // The same function may close two things.
  const mine = (): void => close();
  open.push(mine);
  onOver.emit();
  return () => {
    open.splice(open.indexOf(mine), 1);
    onOver.emit();
  };
}

export const isCovered = (): boolean => open.length > 0;

export function closeTop(): void {
  open.at(-1)?.();
}

/** Lets the way back close what a component opens. */
export function useOver(onClose: () => void): void {
  const now = useRef(onClose);
  now.current = onClose;
  useLayoutEffect(() => over(() => now.current()), []);
}
