/** Words of voice messages that every screen may need; the player and the recorder bring their own. */
import { playTime } from '../../../lib/time';
import type { voice as en } from '../en/voice';

export const voice: typeof en = {
  voiceLine: (ms) => `Голосовое сообщение${ms ? `, ${playTime(ms)}` : ''}`,
  voiceRecord: 'Записать голосовое сообщение',
  voiceTyping: (who) => `${who} записывает голосовое…`,
};
