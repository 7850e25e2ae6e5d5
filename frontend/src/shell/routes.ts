/** Addresses: every chat, message and screen has one; back and forward work. */
import { signal } from '@preact/signals';

export type Route =
  | { screen: 'home' }
  | { screen: 'chat'; chatId: number; seq: number | null }
  | { screen: 'invite'; code: string }
  | { screen: 'setup'; code: string }
  | { screen: 'forgot' }
  // The token of a letter stands behind `#`, so that no server's log and no other page ever sees it.
  | { screen: 'reset' | 'verify'; token: string }
  | { screen: 'settings'; section: string };

/** What an entry of the browser's history knows: how many steps back the list of chats is. */
interface Entry {
  home?: number | undefined;
}

export const route = signal<Route>(read());

function read(): Route {
  const [, first, second, third] = location.pathname.split('/');
  if (first === 'chat' && Number(second)) return { screen: 'chat', chatId: Number(second), seq: Number(third) || null };
  if (first === 'invite' && second) return { screen: 'invite', code: decodeURIComponent(second) };
  if (first === 'setup') return { screen: 'setup', code: new URLSearchParams(location.search).get('code') ?? '' };
  if (first === 'forgot') return { screen: 'forgot' };
  if (first === 'reset' || first === 'verify') return { screen: first, token: location.hash.slice(1) };
  return first === 'settings' ? { screen: 'settings', section: second ?? '' } : { screen: 'home' };
}

/** Go to an address; `replace` leaves no way back to this one. Going where one is already is a new visit. */
export function go(path: string, replace = false): void {
  const { home } = (history.state ?? {}) as Entry;
  const stays = replace || path === location.pathname;
  const steps = location.pathname === '/' ? 1 : home && home + (stays ? 0 : 1);
  history[stays ? 'replaceState' : 'pushState']({ home: path === '/' ? undefined : steps } satisfies Entry, '', path);
  route.value = read();
}

/** To the list of chats: by the browser's own way back, so that a phone's back button does not return here. */
export function goHome(): void {
  const { home } = (history.state ?? {}) as Entry;
  if (home) history.go(-home);
  else go('/', true);
}

/** Follow the browser's own ways back and forward. */
export function followHistory(): void {
  addEventListener('popstate', () => {
    route.value = read();
  });
}
