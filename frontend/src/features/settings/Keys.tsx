/** The keyboard shortcuts of this system, which can be changed. */
import { useState } from 'preact/hooks';
import { type Act, spell } from '../../acts/act';
import { acts, clashesOf, keyOf } from '../../acts/all';
import { marks } from '../../acts/marks';
import { t } from '../../i18n/screens/settings';
import { readSetting } from '../../lib/browser';
import { ChangeKey } from './ChangeKey';
import css from './Settings.module.css';

export function Keys() {
  const sendsByEnter = readSetting('enter') !== 'line';
  const [changing, setChanging] = useState<Act | null>(null);
  const command = { command: true };
  const keys = [
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
        {acts
          .filter((act) => keyOf(act.id))
          .map((act) => (
            <ActKey key={act.id} act={act} onChange={() => setChanging(act)} />
          ))}
        {keys.map(([key, words]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      {changing && <ChangeKey act={changing} onClose={() => setChanging(null)} />}
    </section>
  );
}

/** Shows the key of an act, which can be changed; another act with the same key is named at both. */
function ActKey({ act, onChange }: { act: Act; onChange: () => void }) {
  const others = clashesOf(act).map((one) => one.label());
  return (
    <div>
      <dt>
        <button type="button" aria-label={t().keyChange(act.label(), keyOf(act.id))} onClick={onChange}>
          <kbd>{keyOf(act.id)}</kbd>
        </button>
      </dt>
      <dd>
        {act.label()}
        {others.length > 0 && <small class={css.clash}>{t().keyAlso(others.join(', '))}</small>}
      </dd>
    </div>
  );
}
