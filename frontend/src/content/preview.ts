/** A message in one line: for the chat list, quotes and announcements. */
import type { MessageView } from '../api/types';
import { t } from '../i18n';
import { kindOf } from './kinds';

export const preview = (message: MessageView): string =>
  message.deleted_at ? t().deleted : kindOf(message).line(message);
