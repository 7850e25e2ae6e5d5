/** Words of reactions. */

/** Names of the common emoji; those of all others load with their table. */
const atHand: Readonly<Record<string, string>> = {
  '👍': 'thumbs up',
  '❤️': 'red heart',
  '😂': 'face with tears of joy',
  '😮': 'face with open mouth',
  '😢': 'crying face',
  '🎉': 'party popper',
};

export const reactions = {
  emojiAtHand: atHand,
  react: 'React',
  reactions: 'Reactions',
  whoReacted: 'Who reacted',
  reaction: (name: string, count: number, isMine: boolean) => `${name}, ${count}${isMine ? ', mine' : ''}`,
  reactionNames: (names: string, more: number) => (more ? `${names} and ${more} more` : names),
  reactionSet: (name: string) => `Reaction added: ${name}`,
  reactionTaken: (name: string) => `Reaction removed: ${name}`,
  allReactions: 'All',
  moreReactions: 'Show more',
  takeReactionBack: 'Remove',
  noReactions: 'No reactions yet',
};
