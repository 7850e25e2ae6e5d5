import { storage as en } from '../locales/en/late/storage';
import { storage as ru } from '../locales/ru/late/storage';
import { wordsWith } from '../with';

export const t = wordsWith(en, ru);
