import { auth as en } from '../locales/en/late/auth';
import { fields as enFields } from '../locales/en/late/fields';
import { auth as ru } from '../locales/ru/late/auth';
import { fields as ruFields } from '../locales/ru/late/fields';
import { wordsWith } from '../with';

export const t = wordsWith({ ...en, ...enFields }, { ...ru, ...ruFields });
