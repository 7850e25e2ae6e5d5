import { player as en } from '../locales/en/late/player';
import { player as ru } from '../locales/ru/late/player';
import { wordsWith } from '../with';

export const t = wordsWith(en, ru);
