import { emoji as en } from '../locales/en/late/emoji';
import { emoji as ru } from '../locales/ru/late/emoji';
import { wordsWith } from '../with';

export const t = wordsWith(en, ru);
