/** Asks for the chat of words and files that another program shares: they come into its draft and its tray. */
import { useEffect, useState } from 'preact/hooks';
import type { DialogProps } from '../../acts/act';
import { type Shared, takeShared } from '../../content/shared';
import type { Thing } from '../../content/things';
import { addFiles } from '../../features/composer/files';
import { t } from '../../i18n';
import { takeBack } from '../../store/drafts';
import { toast } from '../../ui/Toast';
import { Finder } from '../Finder';

export function Share({ thing: { text }, context, onClose }: DialogProps<'share'>) {
  const [given] = useState(() => (text === null ? takeShared() : Promise.resolve({ text, files: [] })));
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was given does not change
  useEffect(() => {
    void given.then((found) => {
      if (found) return;
      toast(t().shareLost);
      onClose();
    });
  }, []);
  const open = (thing: Thing): void => {
    if (thing.kind === 'chat') void given.then((found) => found && put(thing.chatId, found));
    context.open(thing);
  };
  return <Finder thing={{ kind: 'chats' }} words={t().shareTo} context={{ ...context, open }} onClose={onClose} />;
}

function put(chatId: number, { text, files }: Shared): void {
  if (text) takeBack(chatId, { text, replyTo: null, mentions: [] });
  if (files.length) addFiles(chatId, files);
}
