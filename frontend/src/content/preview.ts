/** A message in one line: for the chat list, quotes and announcements. */
import type { MessageView } from '../api/types';
import { t } from '../i18n';
import { parse } from '../lib/markup';
import type { Pending } from '../store/messages';
import { spelled } from '../store/users';
import { waitingLine } from './file/PendingFiles';
import { kindOf, textLine } from './kinds';

export const preview = (message: MessageView): string =>
  message.deleted_at ? t().deleted : kindOf(message).line(message);

/** Returns a message that is not sent yet in one line. */
export function pendingLine(item: Pending): string {
  const { text, mentions = [] } = item.data;
  const words = textLine(text, parse(text, spelled(mentions)));
  return [waitingLine(item), words].filter(Boolean).join(' · ');
}
