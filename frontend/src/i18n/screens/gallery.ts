import { gallery as en } from '../locales/en/late/gallery';
import { gallery as ru } from '../locales/ru/late/gallery';
import { wordsWith } from '../with';

export const t = wordsWith(en, ru);
