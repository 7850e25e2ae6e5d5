/** The name of a device. */
import { t } from '../../i18n/screens/settings';

/** Returns `Chrome, Windows` for a User-Agent. */
export function deviceWords(agent: string): string {
  // The first match counts: each User-Agent names other browsers too.
  const browser = ['Edg', 'OPR', 'YaBrowser', 'Firefox', 'Chrome', 'Safari'].find((one) => agent.includes(`${one}/`));
  const system = ['Android', 'iPhone', 'iPad', 'Windows', 'Mac OS X', 'Linux'].find((one) => agent.includes(one));
  const names: Record<string, string> = { Edg: 'Edge', OPR: 'Opera', YaBrowser: 'Яндекс Браузер', 'Mac OS X': 'macOS' };
  const words = [browser, system].filter((one) => one !== undefined).map((one) => names[one] ?? one);
  return words.join(', ') || agent.slice(0, 60) || t().unknownDevice;
}
