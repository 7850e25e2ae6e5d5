/** The Russian words of all screens. */
import type { Messages } from '../en';
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

export const ru: Messages = {
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
