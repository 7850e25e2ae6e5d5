/** The picture of a person or a group; without one, initials on one of twelve backgrounds, the same for one id. */
import { useEffect, useState } from 'preact/hooks';
import css from './Avatar.module.css';
import { Icon } from './Icon';

interface Props {
  id: number;
  name: string;
  /** The key of the picture. */
  picture?: string | null | undefined;
  size?: number;
  online?: boolean | undefined;
  saved?: boolean;
}

/** The sizes of each picture on the server (px). */
const SIZES = [48, 96, 320];

/** Returns the hue of a person's or a group's colour: one of twelve, the same everywhere. */
export const hueOf = (id: number): string => String((id % 12) * 30);

export function Avatar({ id, name, picture, size = 44, online = false, saved = false }: Props) {
  const style = { '--size': `${size}px`, '--hue': hueOf(id) };
  return (
    <span class={css.avatar} style={style} aria-hidden="true">
      {saved ? <Icon name="bookmark" /> : initials(name)}
      {picture && <Picture picture={picture} size={size} />}
      {online && <i class={css.online} />}
    </span>
  );
}

/** Draws the picture over the initials, which are visible while it loads and if it fails. */
function Picture({ picture, size }: { picture: string; size: number }) {
  const [missing, setMissing] = useState('');
  useEffect(() => {
    if (!missing) return;
    const again = (): void => setMissing('');
    addEventListener('online', again);
    return () => removeEventListener('online', again);
  }, [missing]);
  if (missing === picture) return null;
  const at = (px: number): string => `/api/avatars/${picture}/${px}`;
  return (
    <img
      class={css.picture}
      // Set before the addresses: otherwise each would be loaded at once.
      loading="lazy"
      sizes={`${size}px`}
      srcset={SIZES.map((px) => `${at(px)} ${px}w`).join(', ')}
      src={at(96)}
      alt=""
      draggable={false}
      onError={() => setMissing(picture)}
    />
  );
}

const characters = new Intl.Segmenter();

/** Returns the first visible character of a word: a letter with its marks, a flag, a family. */
function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : '']
    .map((word) => [...characters.segment(word ?? '')][0]?.segment ?? '')
    .join('')
    .toLocaleUpperCase();
}
