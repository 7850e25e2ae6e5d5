/** Who is chosen so far; each is taken back with one press. */
import type { UserRead } from '../../api/types';
import { t } from '../../i18n';
import { Avatar } from '../../ui/Avatar';
import { Icon } from '../../ui/Icon';
import css from './People.module.css';

export function Chips({ people, onRemove }: { people: readonly UserRead[]; onRemove: (user: UserRead) => void }) {
  if (!people.length) return null;
  return (
    <ul class={css.chips} aria-label={t().chosen}>
      {people.map((one) => (
        <li key={one.id}>
          <button type="button" aria-label={`${t().remove}: ${one.name}`} onClick={() => onRemove(one)}>
            <Avatar id={one.id} name={one.name} picture={one.avatar} size={24} />
            <span dir="auto">{one.name}</span>
            <Icon name="close" size={14} />
          </button>
        </li>
      ))}
    </ul>
  );
}
