/** Words of the player, loaded with it. */
import { playTime } from '../../../../lib/time';
import type { player as en } from '../../en/late/player';

export const player: typeof en = {
  play: (ms) => `Слушать, ${playTime(ms)}`,
  playPause: 'Пауза',
  playPosition: 'Место',
  playAt: (ms, all) => `${playTime(ms)} из ${playTime(all)}`,
  playSpeed: (times) => `Скорость: ${times}`,
  playUnheard: 'ещё не прослушано',
  playGone: 'Этого голосового сообщения больше нет',
  playOffline: 'Нет связи',
  playFailed: 'Не удалось воспроизвести',
  playNow: 'Голосовое сообщение',
  playGoTo: (who) => `К голосовому сообщению: ${who}`,
  playStop: 'Остановить',
};
