/** Addresses: every chat, message and screen has one; back and forward work. */
import { signal } from '@preact/signals';
import { isNarrow } from './opened/narrow';
import { type PanelName, panels } from './panels';
import { change, type Entry, enter, entry, follow, goBack, onArrived, onPage, settled } from './place/entries';

export type Route =
  | { screen: 'home' }
  // `visit` is another object on each visit of the address, but the same while only the panel changes.
  | { screen: 'chat'; chatId: number; seq: number | null; panel: PanelName | null; tab: string; visit: object }
  | { screen: 'invite'; code: string }
  | { screen: 'setup'; code: string }
  | { screen: 'forgot' }
  // The token of an e-mail link is behind `#`, so that server logs and other pages do not see it.
  | { screen: 'reset' | 'verify'; token: string }
  | { screen: 'settings'; section: string }
  // An address of no page.
  | { screen: 'nowhere' };

function isPanel(name: string | undefined): name is PanelName {
  return name !== undefined && Object.hasOwn(panels, name);
}

export const route = signal<Route>(read());

/** Matches `/chat/7`, at a message `/chat/7/42`, with a panel `/chat/7/info`, at its tab `/chat/7/gallery/files`. */
function readChat(chatId: number, rest: readonly string[], before?: Route): Route {
  const seq = Number(rest[0]) || null;
  const [name, tab = ''] = rest.slice(Number(seq !== null));
  const panel = isPanel(name) ? name : null;
  const isHere = before?.screen === 'chat' && before.chatId === chatId && before.seq === seq;
  const isSame = isHere && (before.panel !== panel || before.tab !== tab);
  return { screen: 'chat', chatId, seq, panel, tab, visit: isSame ? before.visit : {} };
}

function read(before?: Route): Route {
  const [, first, second, ...rest] = location.pathname.split('/');
  if (first === 'chat' && isNumber(second)) return readChat(Number(second), rest, before);
  if (first === 'invite' && second) return { screen: 'invite', code: decoded(second) };
  if (first === 'setup') return { screen: 'setup', code: new URLSearchParams(location.search).get('code') ?? '' };
  if (first === 'forgot') return { screen: 'forgot' };
  if (first === 'reset' || first === 'verify') return { screen: first, token: location.hash.slice(1) };
  if (first === 'settings') return { screen: 'settings', section: second ?? '' };
  return { screen: first ? 'nowhere' : 'home' };
}

function isNumber(words = ''): boolean {
  return Number.isSafeInteger(Number(words)) && Number(words) > 0;
}

/** Returns a part of an address as it was before it became one; as it is if it never was, like a lone `%`. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Says whether an address is that of a place behind the sign-in, where one arrives after it. */
export const isPlace = ({ screen }: Route): boolean => ['home', 'chat', 'settings', 'nowhere'].includes(screen);

/** Goes to an address; `replace` leaves no way back to the current one. Going to the current address is a new visit. */
export function go(path: string, replace = false, isOver = false): void {
  const isHere = path === location.pathname;
  if (replace || isHere) onPage(() => stay(path, isHere));
  else
    settled(() => {
      enter({ ...stepsFrom(path, 1), isOver }, path);
      route.value = read(route.peek());
    });
}

/** Gives the current entry an address, another one or the same. */
function stay(path: string, isHere: boolean): void {
  change({ ...stepsFrom(path, 0), isOver: isHere ? entry().isOver : false }, path);
  route.value = read(route.peek());
}

/** Returns the steps back to the list, and out of the settings, from an address that is so many steps ahead. */
function stepsFrom(path: string, steps: number): Pick<Entry, 'home' | 'up'> {
  const { home, up } = entry();
  const out = route.peek().screen === 'settings' ? up && up + steps : steps || undefined;
  return {
    home: path === '/' ? undefined : location.pathname === '/' ? 1 : home && home + steps,
    up: path.startsWith('/settings') ? out : undefined,
  };
}

/** Goes to the list of chats by the browser's own way back, so that a phone's back button does not return here. */
export function goHome(): void {
  const { home } = entry();
  if (home) goBack(home);
  else go('/', true);
}

/** Opens a page of the settings; '' means the list of pages, by the browser's own way back if that leads there. */
export function openSettings(page: string): void {
  const at = route.peek();
  if (page) go(`/settings/${page}`, false, at.screen === 'settings' && !at.section);
  else if (entry().isOver) goBack(1);
  else go('/settings', true);
}

/** Goes back to where the settings were opened, or else to the list of chats. */
export function leaveSettings(): void {
  const { up } = entry();
  if (up) goBack(up);
  else goHome();
}

interface Beside {
  panel?: PanelName | null;
  tab?: string | undefined;
}

const pathOf = (chatId: number, seq: number | null, { panel, tab }: Beside = {}): string =>
  ['/chat', chatId, seq, panel, panel && tab].filter(Boolean).join('/');

/** Goes to a chat, at a message; a panel stays if there is room for both. */
export function goToChat(chatId: number, seq: number | null = null): void {
  const at = route.peek();
  const stays = seq && at.screen === 'chat' && at.chatId === chatId && at.panel && !isNarrow();
  go(pathOf(chatId, seq, stays ? at : {}));
}

/** Opens a panel beside a chat, at a tab; the way back closes it. */
export function openPanel(chatId: number, panel: PanelName, tab?: string): void {
  const at = route.peek();
  const isHere = at.screen === 'chat' && at.chatId === chatId;
  const path = pathOf(chatId, isHere ? at.seq : null, { panel, tab });
  if (!isHere || at.panel !== panel) go(path, false, isHere && !at.panel);
  else if (tab !== undefined && at.tab !== tab)
    onPage(() => {
      // Another tab is no step of its own on the way back.
      change(entry(), path);
      route.value = read(route.peek());
    });
}

/** Closes the panel: by the browser's own way back if that leads to the conversation. */
export function closePanel(): void {
  const at = route.peek();
  if (at.screen !== 'chat' || !at.panel) return;
  if (entry().isOver) goBack(1);
  else go(pathOf(at.chatId, at.seq), true);
}

/** Follows the browser's back and forward. */
export function followHistory(): void {
  follow();
  onArrived(() => {
    route.value = read(route.peek());
  });
}
