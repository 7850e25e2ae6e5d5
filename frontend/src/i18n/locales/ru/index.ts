/** The Russian words of all screens. */
import type { Messages } from '../en';
import { app } from './app';
import { auth } from './auth';
import { cards } from './cards';
import { composer } from './composer';
import { conversation } from './conversation';
import { files } from './files';
import { list } from './list';
import { message } from './message';
import { people } from './people';
import { pictures } from './pictures';
import { reactions } from './reactions';
import { settings } from './settings';

export const ru: Messages = {
  ...app,
  ...auth,
  ...cards,
  ...composer,
  ...conversation,
  ...files,
  ...list,
  ...message,
  ...people,
  ...pictures,
  ...reactions,
  ...settings,
};
