/** The keyboard shortcuts of this system. */
import { spell } from '../../acts/act';
import { acts } from '../../acts/all';
import { t } from '../../i18n';
import { readSetting } from '../../lib/browser';
import css from './Settings.module.css';

export function Keys() {
  const sendsByEnter = readSetting('enter') !== 'line';
  const command = { command: true };
  const keys = [
    ...acts.flatMap(({ chord, label }) => (chord ? [[spell(chord), label()]] : [])),
    ['↑', t().keyEditLast],
    ['J / K, ↑ / ↓', t().keyMessages],
    ['Esc', t().keyEscape],
    [spell({ ...(sendsByEnter ? {} : command), code: 'Enter' }), t().send],
    [spell({ shift: sendsByEnter, code: 'Enter' }), t().keyNewLine],
    [spell({ ...command, code: 'KeyB' }), t().bold],
    [spell({ ...command, code: 'KeyI' }), t().italic],
    [spell({ ...command, code: 'KeyE' }), t().code],
    [spell({ ...command, shift: true, code: 'KeyX' }), t().strike],
    ['@', t().mentionSomeone],
    [':', t().emoji],
  ];
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
