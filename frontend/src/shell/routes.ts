/** Addresses: every chat, message and screen has one; back and forward work. */
import { signal } from '@preact/signals';

export type Route =
  | { screen: 'home' }
  | { screen: 'chat'; chatId: number; seq: number | null }
  | { screen: 'invite'; code: string }
  | { screen: 'setup'; code: string }
  | { screen: 'settings' };

export const route = signal<Route>(read());

function read(): Route {
  const [, first, second, third] = location.pathname.split('/');
  if (first === 'chat' && Number(second)) return { screen: 'chat', chatId: Number(second), seq: Number(third) || null };
  if (first === 'invite' && second) return { screen: 'invite', code: decodeURIComponent(second) };
  if (first === 'setup') return { screen: 'setup', code: new URLSearchParams(location.search).get('code') ?? '' };
  return first === 'settings' ? { screen: 'settings' } : { screen: 'home' };
}

/** Go to an address; `replace` leaves no way back to this one. */
export function go(path: string, replace = false): void {
  if (path === location.pathname) return;
  history[replace ? 'replaceState' : 'pushState'](null, '', path);
  route.value = read();
}

addEventListener('popstate', () => {
  route.value = read();
});
