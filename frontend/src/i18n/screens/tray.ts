import { tray as en } from '../locales/en/late/tray';
import { tray as ru } from '../locales/ru/late/tray';
import { wordsWith } from '../with';

export const t = wordsWith(en, ru);
