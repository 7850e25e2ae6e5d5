import { people as en } from '../locales/en/late/people';
import { people as ru } from '../locales/ru/late/people';
import { wordsWith } from '../with';

export const t = wordsWith(en, ru);
