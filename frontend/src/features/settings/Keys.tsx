/** The keyboard shortcuts of this system. */
import { spell } from '../../acts/act';
import { acts } from '../../acts/all';
import { marks } from '../../acts/marks';
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
    ...marks.map(({ chord, label }) => [spell(chord), label()]),
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
