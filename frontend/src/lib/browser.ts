/** Small things every browser does a little differently. */

/** A random UUID; also on plain HTTP in a local network, where `crypto.randomUUID` is missing. */
export function uuid(): string {
  if ('randomUUID' in crypto) return crypto.randomUUID();
  const bytes = (crypto as Crypto).getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Run under a Web Lock shared by all tabs; without locks (plain HTTP) it just runs. */
export async function locked<T>(name: string, run: () => Promise<T>): Promise<T> {
  if (!('locks' in navigator)) return run();
  return (await navigator.locks.request(name, run)) as T;
}

/** Whether the platform's command key is ⌘. */
export const isApple = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Whether writing needs no keyboard on the screen, which would come up with the focus. */
export const hasKeyboard = (): boolean => !matchMedia('(pointer: coarse)').matches;

/** Whether keys typed here are text. */
export function isEditable(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Where the focus is about to return; a dialog that takes the place of another one returns it there. */
let returning: Element | null = null;

/** Take the focus somewhere for a while; what to call when that goes: the focus returns where it came from, unless it is wanted elsewhere. */
export function visited(enter: () => void): () => void {
  const at = document.activeElement;
  const from = at === document.body ? returning : at;
  enter();
  return () => {
    returning = from;
    // Once it is gone: behind an open dialog nothing takes the focus, and a caret set before would go with it.
    queueMicrotask(() => {
      returning = null;
      if (document.activeElement !== document.body) return;
      if (from instanceof HTMLElement && from.isConnected) from.focus();
    });
  };
}

/** Show a dialog before the next key. */
export const modal = (dialog: HTMLDialogElement | null): (() => void) => visited(() => dialog?.showModal());

/** A setting kept in this browser; `null` when storage is forbidden. */
export function readSetting(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Keep a part of the look and show it at once (public/theme.js). */
export function keepLook(name: string, value: string): void {
  keepSetting(name, value);
  (globalThis as { applyLook?: () => void }).applyLook?.();
}

/** Keep a setting in this browser, where storage is allowed. */
export function keepSetting(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Nothing is lost but the choice.
  }
}
