import { details as en } from '../locales/en/late/details';
import { details as ru } from '../locales/ru/late/details';
import { wordsWith } from '../with';

export const t = wordsWith(en, ru);
