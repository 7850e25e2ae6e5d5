/** The keys of this system, in words. */
import { t } from '../../i18n';
import { isApple, readSetting } from '../../lib/browser';
import css from './Settings.module.css';

export function Keys() {
  const sendsByEnter = readSetting('enter') !== 'line';
  const command = isApple ? '⌘' : 'Ctrl+';
  const alt = isApple ? '⌥' : 'Alt+';
  const shift = isApple ? '⇧' : 'Shift+';
  const keys = [
    [`${command}K`, t().keySwitch],
    [`${command}${shift}P`, t().palette],
    [`${alt}↑ / ${alt}↓`, t().keyNextChat],
    [`${alt}${shift}↑ / ↓`, t().keyNextUnread],
    [`${shift}Esc`, t().markAllRead],
    ['↑', t().keyEditLast],
    ['J / K, ↑ / ↓', t().keyMessages],
    ['R / E / C / Del', t().keyMessage],
    ['Esc', t().keyEscape],
    [sendsByEnter ? 'Enter' : `${command}Enter`, t().send],
    [sendsByEnter ? `${shift}Enter` : 'Enter', t().keyNewLine],
    [`${command}B`, t().bold],
    [`${command}I`, t().italic],
    [`${command}E`, t().code],
    [`${command}${shift}X`, t().strike],
    ['@', t().mentionSomeone],
    [':', t().emoji],
    ['?', t().keyHelp],
  ] as const;
  return (
    <section id="keys">
      <h2>{t().keys}</h2>
      <dl class={css.keys}>
        {keys.map(([key, words]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
