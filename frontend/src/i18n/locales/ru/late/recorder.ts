/** Words of the recorder, loaded with it. */
import { playTime } from '../../../../lib/time';
import type { recorder as en } from '../../en/late/recorder';

export const recorder: typeof en = {
  recordBar: 'Запись',
  recordAsking: 'Браузер спрашивает, можно ли этой странице использовать микрофон.',
  recordRecording: 'Идёт запись…',
  recordPaused: 'Запись приостановлена',
  recordDone: 'Запись закончена',
  recordKept: (ms) => `Запись ${playTime(ms)}, ещё не отправлена`,
  recordPause: 'Приостановить запись',
  recordGoOn: 'Продолжить запись',
  recordDrop: 'Удалить запись',
  recordDropped: 'Запись удалена',
  recordHolding: 'Отпустите, чтобы отправить. Влево — удалить, вверх — записывать не удерживая.',
  recordLost: 'Микрофон отключился. Всё, что записано до этого, здесь.',
  recordLimit: (ms) => `Запись может длиться не больше ${playTime(ms)}.`,
  recordDenied:
    'Этой странице нельзя использовать микрофон. Разрешите это в настройках страницы рядом с её адресом и повторите.',
  recordMissing: 'Микрофон не найден. Подключите его и повторите.',
  recordBusy: 'Микрофон не отвечает: возможно, его использует другая программа.',
  recordInsecure: 'Браузеры записывают звук только по защищённому соединению: откройте этот сервер по https.',
  recordUnable: 'Этот браузер не может здесь записывать.',
};
