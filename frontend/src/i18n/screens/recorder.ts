import { recorder as en } from '../locales/en/late/recorder';
import { recorder as ru } from '../locales/ru/late/recorder';
import { wordsWith } from '../with';

export const t = wordsWith(en, ru);
