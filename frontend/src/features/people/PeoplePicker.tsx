/** Search of people with a choice of several. */
import { useEffect, useState } from 'preact/hooks';
import type { UserRead } from '../../api/types';
import { t } from '../../i18n';
import { searchUsers } from '../../sync';
import { Avatar } from '../../ui/Avatar';
import { Icon } from '../../ui/Icon';
import css from './People.module.css';

interface Props {
  without: ReadonlySet<number>;
  chosen: ReadonlySet<number>;
  onChoose: (user: UserRead) => void;
}

const DEBOUNCE_MS = 200;

export function PeoplePicker({ without, chosen, onChoose }: Props) {
  const [query, setQuery] = useState('');
  const [found, setFound] = useState<UserRead[] | null>(null);
  useEffect(() => {
    let isCurrent = true;
    const timer = setTimeout(
      () => {
        searchUsers(query).then(
          (people) => isCurrent && setFound(people),
          () => isCurrent && setFound([]),
        );
      },
      query ? DEBOUNCE_MS : 0,
    );
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [query]);
  const people = found?.filter((one) => !without.has(one.id)) ?? [];
  return (
    <div class={css.picker}>
      <input
        type="search"
        placeholder={t().searchPeople}
        aria-label={t().searchPeople}
        value={query}
        onInput={(event) => setQuery(event.currentTarget.value)}
      />
      <ul class={css.list} aria-busy={found === null}>
        {people.map((one) => (
          <li key={one.id}>
            <button type="button" aria-pressed={chosen.has(one.id)} onClick={() => onChoose(one)}>
              <Avatar id={one.id} name={one.name} size={36} />
              <span>{one.name}</span>
              {chosen.has(one.id) && <Icon name="check" />}
            </button>
          </li>
        ))}
        {found && people.length === 0 && <li class={css.none}>{t().nothingFound}</li>}
      </ul>
    </div>
  );
}
