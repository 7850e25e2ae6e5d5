/** Asks for the chat of words that another program shares; they become its draft. */
import type { DialogProps } from '../../acts/act';
import type { Thing } from '../../content/things';
import { t } from '../../i18n';
import { takeBack } from '../../store/drafts';
import { Finder } from '../Finder';

export function Share({ thing: { text }, context, onClose }: DialogProps<'share'>) {
  const open = (thing: Thing): void => {
    if (thing.kind === 'chat') takeBack(thing.chatId, { text, replyTo: null, mentions: [] });
    context.open(thing);
  };
  return <Finder thing={{ kind: 'chats' }} words={t().shareTo} context={{ ...context, open }} onClose={onClose} />;
}
