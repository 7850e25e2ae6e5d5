import { pictures as en } from '../locales/en/late/pictures';
import { pictures as ru } from '../locales/ru/late/pictures';
import { wordsWith } from '../with';

export const t = wordsWith(en, ru);
