/** Words of writing. */
import { numbers, en as plural } from '../../plural';

export const composer = {
  bold: 'Bold',
  italic: 'Italic',
  strike: 'Strikethrough',
  code: 'Code',
  emoji: 'Emoji',
  tooLongWhy: (most: number) =>
    `A message can have at most ${numbers.en.format(most)} characters. Shorten it or send it in parts.`,
  emojiFailed: 'Emoji could not be loaded. Check the network and open them again.',
  write: 'Message',
  send: 'Send',
  editKept: 'Your changes are kept. Edit the message again to go on.',
  dropEdit: 'Discard',
  editClash: 'The message was changed on another device. It now says:',
  editKeepMine: 'Keep my text',
  editTakeOther: 'Take this text',
  editTaken: 'Your text was replaced',
  editing: 'Editing',
  replyTo: (who: string) => `Reply to ${who}`,
  tooLong: (n: number) => `${plural(n, 'character', 'characters')} too many`,
  mentionSomeone: 'Mention',
};
