/** Words of the player, loaded with it. */
import { playTime } from '../../../../lib/time';

export const player = {
  play: (ms: number) => `Play, ${playTime(ms)}`,
  playPause: 'Pause',
  playPosition: 'Position',
  playAt: (ms: number, all: number) => `${playTime(ms)} of ${playTime(all)}`,
  playSpeed: (times: string) => `Speed: ${times}`,
  playUnheard: 'not listened to yet',
  playGone: 'This voice message is no longer there',
  playOffline: 'No connection',
  playFailed: 'Could not be played',
  playNow: 'Voice message',
  playGoTo: (who: string) => `Go to the voice message from ${who}`,
  playStop: 'Stop playing',
};
