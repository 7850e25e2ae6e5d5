/** The tab of the page: its title and its icon show the unread count, and so does the icon of the installed page. */
import { useEffect } from 'preact/hooks';
import { serverName } from '../content/names/names';
import { t } from '../i18n';
import { paced } from '../lib/paced';
import { unreadTotal } from '../store/mine/list';
import { phase } from '../store/session';

const GROUND = '<rect width="64" height="64" rx="16" fill="#2f6f63"/>';
const BUBBLE =
  '<path d="M16 20a6 6 0 0 1 6-6h20a6 6 0 0 1 6 6v16a6 6 0 0 1-6 6H31l-9 8v-8a6 6 0 0 1-6-6z" fill="#fff"/>';

/** Returns the address of the icon: the plain one, or a drawing with the number in its corner. */
export function iconFor(unread: number): string {
  if (!unread) return '/icon.svg';
  const words = unread > 99 ? '99+' : String(unread);
  const width = 22 + words.length * 14;
  const badge =
    `<rect x="${64 - width}" y="28" width="${width}" height="36" rx="18" fill="#c0392b"/>` +
    `<text x="${64 - width / 2}" y="56" font-family="sans-serif" font-size="28" font-weight="700" fill="#fff" text-anchor="middle">${words}</text>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">${GROUND}${BUBBLE}${badge}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** Shows the number in the title and on the icons of the tab and of the installed page: each costs the browser much. */
const show = paced<{ unread: number; name: string }>(2000, ({ unread, name }) => {
  document.title = unread ? `(${unread}) ${name}` : name;
  const link = document.querySelector('link[rel=icon]');
  const address = iconFor(unread);
  if (link?.getAttribute('href') !== address) link?.setAttribute('href', address);
  // Missing in some browsers; without a number the badge is cleared.
  if ('setAppBadge' in navigator) navigator.setAppBadge(unread).catch(() => {});
});

export function useTitle(): void {
  const unread = phase.value === 'in' ? unreadTotal.value : 0;
  const name = serverName() ?? t().appName;
  useEffect(() => show({ unread, name }), [unread, name]);
}
