/** A placeholder for messages, of the same size; not drawn in the first 150 ms. */
import { t } from '../../i18n';
import css from './Skeleton.module.css';

const WIDTHS = [38, 62, 24, 51, 70, 33, 45, 58];

export function Skeleton() {
  return (
    <div class={css.skeleton} role="status" aria-busy="true" aria-label={t().loading}>
      {WIDTHS.map((width, place) => (
        <i key={width} data-mine={place % 3 === 2 || undefined} style={{ '--width': `${width}%` }} />
      ))}
    </div>
  );
}
