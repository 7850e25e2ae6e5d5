/** Words of previews of links. */
import { ru as plural } from '../../plural';
import type { cards as en } from '../en/cards';

export const cards: typeof en = {
  cards: (n) => plural(n, 'предпросмотр ссылки', 'предпросмотра ссылок', 'предпросмотров ссылок'),
  card: (title, host) => `${title}, ${host}`,
  showCard: 'Показать предпросмотр',
  cardComes: 'Запрашиваем страницу…',
  noCard: 'У страницы нет предпросмотра',
  removeCards: (n) => (n > 1 ? 'Убрать предпросмотры' : 'Убрать предпросмотр'),
  cardsOn: 'Показывать предпросмотр ссылок',
  cardsOff: 'Скрывать предпросмотр ссылок',
};
