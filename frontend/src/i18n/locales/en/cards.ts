/** Words of previews of links. */
import { en as plural } from '../../plural';

export const cards = {
  cards: (n: number) => plural(n, 'link preview', 'link previews'),
  card: (title: string, host: string) => `${title}, ${host}`,
  showCard: 'Show preview',
  cardComes: 'Asking the page…',
  noCard: 'The page has no preview',
  removeCards: (n: number): string => (n > 1 ? 'Remove previews' : 'Remove preview'),
  cardsOn: 'Show previews of links',
  cardsOff: 'Hide previews of links',
};
