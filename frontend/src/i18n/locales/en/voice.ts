/** Words of voice messages that every screen may need; the player and the recorder bring their own. */
import { playTime } from '../../../lib/time';

export const voice = {
  voiceLine: (ms: number) => `Voice message${ms ? `, ${playTime(ms)}` : ''}`,
  voiceRecord: 'Record a voice message',
  voiceTyping: (who: string) => `${who} is recording…`,
};
