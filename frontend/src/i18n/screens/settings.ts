import { fields as enFields } from '../locales/en/late/fields';
import { settings as en } from '../locales/en/late/settings';
import { fields as ruFields } from '../locales/ru/late/fields';
import { settings as ru } from '../locales/ru/late/settings';
import { wordsWith } from '../with';

export const t = wordsWith({ ...en, ...enFields }, { ...ru, ...ruFields });
