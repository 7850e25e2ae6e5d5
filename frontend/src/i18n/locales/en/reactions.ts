/** Words of reactions. */

/** Names of the emoji that are at hand; those of all others come with their table. */
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
  allReactions: 'All',
  moreReactions: 'Show more',
  reaction: (name: string, count: number, isMine: boolean) => `${name}, ${count}${isMine ? ', mine' : ''}`,
  reactionNames: (names: string, more: number) => (more ? `${names} and ${more} more` : names),
  reactionSet: (name: string) => `Reaction added: ${name}`,
  reactionTaken: (name: string) => `Reaction taken back: ${name}`,
  takeReactionBack: 'Take back',
  noReactions: 'There are no reactions yet',
};
