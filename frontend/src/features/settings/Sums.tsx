/** Sums of files: a bar for a part of a whole, and a list of kinds. */
import type { StorageView } from '../../api/types';
import { t } from '../../i18n/screens/storage';
import css from './Settings.module.css';

/** Draws how full something is; the figures are in the text beside it. */
export function Bar({ part, whole }: { part: number; whole: number }) {
  const share = whole ? Math.min(1, part / whole) : 1;
  return (
    <div class={css.bar} aria-hidden="true" data-full={share > 0.9}>
      <div style={{ inlineSize: `${100 * share}%` }} />
    </div>
  );
}

export function Kinds({ kinds }: { kinds: StorageView['kinds'] }) {
  return (
    <ul class={css.list} aria-label={t().filesKinds}>
      {kinds.map(({ kind, files, used }) => (
        <li key={kind}>
          <span>
            {t().kinds[kind]}
            <small>{t().spaceChat(files, used)}</small>
          </span>
        </li>
      ))}
    </ul>
  );
}
