import { finder as en } from '../locales/en/late/finder';
import { finder as ru } from '../locales/ru/late/finder';
import { wordsWith } from '../with';

export const t = wordsWith(en, ru);
