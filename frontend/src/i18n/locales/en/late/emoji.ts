/** Words of the picker of emoji. */
export const emoji = {
  emojiSearch: 'Search emoji',
  emojiGroup: 'Emoji groups',
  emojiGroups: {
    0: 'Smileys',
    1: 'People',
    3: 'Animals and nature',
    4: 'Food and drink',
    5: 'Travel and places',
    6: 'Activities',
    7: 'Objects',
    8: 'Symbols',
    9: 'Flags',
  },
  emojiRecent: 'Recent',
};
