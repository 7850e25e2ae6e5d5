/** The English words of all screens; they type the words of every language. */
import { app } from './app';
import { cards } from './cards';
import { composer } from './composer';
import { conversation } from './conversation';
import { files } from './files';
import { groups } from './groups';
import { list } from './list';
import { message } from './message';
import { reactions } from './reactions';
import { voice } from './voice';

export const en = {
  ...app,
  ...cards,
  ...composer,
  ...conversation,
  ...files,
  ...groups,
  ...list,
  ...message,
  ...reactions,
  ...voice,
};

export type Messages = typeof en;
