import { viewer as en } from '../locales/en/late/viewer';
import { viewer as ru } from '../locales/ru/late/viewer';
import { wordsWith } from '../with';

export const t = wordsWith(en, ru);
