/** Initials on one of twelve grounds, the same for one id everywhere. */
import css from './Avatar.module.css';
import { Icon } from './Icon';

interface Props {
  id: number;
  name: string;
  size?: number;
  online?: boolean | undefined;
  saved?: boolean;
}

export function Avatar({ id, name, size = 44, online = false, saved = false }: Props) {
  const style = { '--size': `${size}px`, '--hue': String((id % 12) * 30) };
  return (
    <span class={css.avatar} style={style} aria-hidden="true">
      {saved ? <Icon name="bookmark" /> : initials(name)}
      {online && <i class={css.online} />}
    </span>
  );
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : '']
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toLocaleUpperCase();
}
