/** Words of reactions. */
import type { reactions as en } from '../en/reactions';

const atHand: Readonly<Record<string, string>> = {
  '👍': 'палец вверх',
  '❤️': 'красное сердце',
  '😂': 'смех до слёз',
  '😮': 'удивление',
  '😢': 'плачет',
  '🎉': 'хлопушка',
};

export const reactions: typeof en = {
  emojiAtHand: atHand,
  react: 'Поставить реакцию',
  reactions: 'Реакции',
  whoReacted: 'Кто отреагировал',
  reaction: (name, count, isMine) => `${name}, ${count}${isMine ? ', моя' : ''}`,
  reactionNames: (names, more) => (more ? `${names} и ещё ${more}` : names),
  reactionSet: (name) => `Реакция поставлена: ${name}`,
  reactionTaken: (name) => `Реакция удалена: ${name}`,
  allReactions: 'Все',
  moreReactions: 'Показать ещё',
  takeReactionBack: 'Удалить',
  noReactions: 'Реакций пока нет',
};
