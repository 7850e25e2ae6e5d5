/** The people chosen so far; one press removes each. */
import type { UserRead } from '../../api/types';
import { Name } from '../../content/names/Name';
import { fullName } from '../../content/names/names';
import { t } from '../../i18n/screens/people';
import { nameOf } from '../../store/users';
import { Avatar } from '../../ui/Avatar';
import { Icon } from '../../ui/Icon';
import css from './People.module.css';

export function Chips({ people, onRemove }: { people: readonly UserRead[]; onRemove: (user: UserRead) => void }) {
  if (!people.length) return null;
  return (
    <ul class={css.chips} aria-label={t().chosen}>
      {people.map((one) => (
        <li key={one.id}>
          <button type="button" aria-label={`${t().remove}: ${fullName(one.id)}`} onClick={() => onRemove(one)}>
            <Avatar id={one.id} name={nameOf(one.id)} picture={one.avatar} size={24} />
            <Name id={one.id} isLine />
            <Icon name="close" size={14} />
          </button>
        </li>
      ))}
    </ul>
  );
}
