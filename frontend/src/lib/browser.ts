/** Small things that every browser does a little differently. */

/** Returns a random UUID; also on plain HTTP in a local network, where `crypto.randomUUID` is missing. */
export function uuid(): string {
  if ('randomUUID' in crypto) return crypto.randomUUID();
  const bytes = (crypto as Crypto).getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * Runs a function before the next frame of the screen; after a tenth of a second if there is none, as when the page is
 * hidden meanwhile.
 */
export function nextFrame(run: (isFrame: boolean) => void): void {
  const once = (isFrame: boolean): void => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    run(isFrame);
  };
  const frame = requestAnimationFrame(() => once(true));
  const timer = setTimeout(() => once(false), 100);
}

/** Runs a function when the page has nothing else to do, at the latest after `ms`. */
export function whenIdle(run: () => void, ms: number): void {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(run, { timeout: ms });
  else setTimeout(run, 0);
}

/** Runs a function under a Web Lock shared by all tabs; without locks (plain HTTP, forbidden storage) it just runs. */
export async function locked<T>(name: string, run: () => Promise<T>): Promise<T> {
  if (!('locks' in navigator)) return run();
  let isHeld = false;
  const held = (): Promise<T> => {
    isHeld = true;
    return run();
  };
  try {
    return (await navigator.locks.request(name, held)) as T;
  } catch (error) {
    if (isHeld) throw error;
    return run();
  }
}

/** Returns a channel between the tabs; `undefined` where the browser has none or its storage is forbidden. */
export function betweenTabs(name: string): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(name);
  } catch {
    return undefined;
  }
}

/** Whether the platform's command key is ⌘. */
export const isApple = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Says whether focusing a field does not open a keyboard on the screen. */
export const hasKeyboard = (): boolean => !matchMedia('(pointer: coarse)').matches;

/** Says whether keys typed in this element are text. */
export function isEditable(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/**
 * Keeps the keys of an input method from every handler that is added to the page later: they write a word, and Enter
 * and the arrows choose it. The browser and the input method still get them.
 */
export function ignoreComposing(page: EventTarget): void {
  const keep = (event: Event): void => {
    // Safari has ended the composition when Enter arrives; the code of its key (229) still says so.
    const { isComposing, keyCode } = event as KeyboardEvent;
    if (isComposing || keyCode === 229) event.stopImmediatePropagation();
  };
  page.addEventListener('keydown', keep, { capture: true });
}

/** The element that gets the focus back; a dialog that replaces another one passes it on. */
let returning: Element | null = null;

/**
 * Takes the focus for a while and returns its closer: the focus goes back to its former element, unless another one
 * needs it.
 */
export function visited(enter: () => void): () => void {
  const at = document.activeElement;
  const from = at === document.body ? returning : at;
  enter();
  return () => {
    returning = from;
    // The focus moves after the dialog is gone: behind an open dialog no element takes it, and an earlier caret would
    // be lost.
    queueMicrotask(() => {
      returning = null;
      if (document.activeElement !== document.body) return;
      if (from instanceof HTMLElement && from.isConnected) from.focus();
    });
  };
}

/** Shows a dialog before the next key. */
export const modal = (dialog: HTMLDialogElement | null): (() => void) => visited(() => dialog?.showModal());

/** Returns a setting kept in this browser; `null` if the storage is forbidden. */
export function readSetting(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Keeps a part of the appearance and applies it at once (public/theme.js). */
export function keepLook(name: string, value: string): void {
  keepSetting(name, value);
  (globalThis as { applyLook?: () => void }).applyLook?.();
}

/** Keeps a setting in this browser, if the storage is allowed. */
export function keepSetting(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Only the choice is lost.
  }
}

/** Forgets all settings of this browser. */
export function dropSettings(): void {
  try {
    localStorage.clear();
  } catch {
    // Nothing was kept.
  }
}
