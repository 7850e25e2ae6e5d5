/** Emoji with their Russian and English names; a chunk of its own, loaded on first use. */
import rows from 'virtual:emoji';

export interface Emoji {
  mark: string;
  group: number;
  name: { en: string; ru: string };
  /** All search words of the emoji, in lower case, each after a space. */
  found: string;
}

export const emoji: readonly Emoji[] = rows.map(([mark, group, en, enTags, ru, ruTags]) => ({
  mark,
  group,
  name: { en, ru },
  found: ` ${en} ${ru} ${enTags} ${ruTags}`.toLowerCase().replace(/[^\p{L}\p{N}+]+/gu, ' '),
}));

/**
 * Returns the emoji whose names or tags have words with this beginning, in either language; names first, short ones
 * first.
 */
export function findEmoji(typed: string, most: number): Emoji[] {
  const words = typed
    .toLowerCase()
    .split(/[^\p{L}\p{N}+]+/u)
    .filter(Boolean);
  if (!words.length) return [];
  const rank = ({ name }: Emoji): number =>
    Math.min(
      ...[name.en, name.ru].map((one) =>
        words.every((word) => ` ${one.toLowerCase()}`.includes(` ${word}`)) ? one.length : 1000,
      ),
    );
  return emoji
    .filter(({ found }) => words.every((word) => found.includes(` ${word}`)))
    .map((one) => [rank(one), one] as const)
    .sort(([a], [b]) => a - b)
    .slice(0, most)
    .map(([, one]) => one);
}
