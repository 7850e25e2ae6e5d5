/** The English words of all screens; they type the words of every language. */
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

export const en = {
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

export type Messages = typeof en;
