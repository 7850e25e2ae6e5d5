/** Search for people with a choice of several. */
import { useEffect, useState } from 'preact/hooks';
import type { UserRead } from '../../api/types';
import { Name } from '../../content/names/Name';
import { t } from '../../i18n/screens/people';
import { hasKeyboard } from '../../lib/browser';
import { isOnline, nameOf } from '../../store/users';
import type { Problem } from '../../sync';
import { searchUsers } from '../../sync/late/people';
import { Avatar } from '../../ui/Avatar';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import css from './People.module.css';
import { useWatched } from './watched';

interface Props {
  without: ReadonlySet<number>;
  isChosen: (user: UserRead) => boolean;
  onChoose: (user: UserRead) => void;
}

const DEBOUNCE_MS = 200;

export function PeoplePicker({ without, isChosen, onChoose }: Props) {
  const [query, setQuery] = useState('');
  const { found, problem, retry } = usePeople(query);
  const people = found?.filter((one) => !without.has(one.id)) ?? [];
  useWatched(people.map((one) => one.id));
  return (
    <div class={css.picker}>
      <input
        type="search"
        autofocus={hasKeyboard()}
        placeholder={t().searchPeople}
        aria-label={t().searchPeople}
        value={query}
        onInput={(event) => setQuery(event.currentTarget.value)}
      />
      {problem ? (
        <div class={css.none} role="alert">
          <p>{problem.message}</p>
          <Button onClick={retry}>{t().tryAgain}</Button>
        </div>
      ) : (
        <ul class={css.list} aria-busy={found === null}>
          {!found && [1, 2, 3].map((one) => <li key={one} class={css.ghost} aria-hidden="true" />)}
          {people.map((one) => (
            <li key={one.id}>
              <button type="button" aria-pressed={isChosen(one)} onClick={() => onChoose(one)}>
                <Avatar id={one.id} name={nameOf(one.id)} picture={one.avatar} size={36} online={isOnline(one.id)} />
                <Name id={one.id} />
                {isOnline(one.id) && <small class={css.hint}>{t().online}</small>}
                {isChosen(one) && <Icon name="check" />}
              </button>
            </li>
          ))}
          {found && people.length === 0 && <li class={css.none}>{query ? t().nothingFound : t().nobodyYet}</li>}
        </ul>
      )}
    </div>
  );
}

/** Returns the people found by a name; `null` until the first answer. */
function usePeople(query: string) {
  const [found, setFound] = useState<UserRead[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try asks the same once more
  useEffect(() => {
    let isCurrent = true;
    const ask = (): void => {
      searchUsers(query).then(
        (people) => {
          if (!isCurrent) return;
          setFound(people);
          setProblem(null);
        },
        (error: Problem) => isCurrent && setProblem(error),
      );
    };
    const timer = setTimeout(ask, query ? DEBOUNCE_MS : 0);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [query, tries]);
  return { found, problem, retry: () => setTries(tries + 1) };
}
