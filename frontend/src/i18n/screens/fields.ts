import { fields as en } from '../locales/en/late/fields';
import { fields as ru } from '../locales/ru/late/fields';
import { wordsWith } from '../with';

export const t = wordsWith(en, ru);
