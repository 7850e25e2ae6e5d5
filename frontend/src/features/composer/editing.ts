/** The text of a message that is being edited, kept apart from the draft of the chat. */
import { useRef, useState } from 'preact/hooks';
import type { MessageView } from '../../api/types';
import { t } from '../../i18n';
import { mentionsOf } from '../../lib/mentions';
import type { Draft } from '../../store/drafts';
import { edit } from '../../sync';
import { told } from '../../ui/Toast';
import { namedIn, none, type Words } from './words';

/** The text of an edit, with its message and the rev that it began from. */
interface Begun extends Draft {
  seq: number;
  rev: number;
}

const nothing: Begun = { seq: 0, rev: 0, ...none };

/** Returns the text of the edit; `null` if no message is being edited. */
export function useEditing(chatId: number, message: MessageView | null, onDone: () => void): Words | null {
  const [edited, setEdited] = useState(nothing);
  const isSaving = useRef(false);
  if (!message) return null;
  const begun = edited.seq === message.seq ? edited : null;
  const written = begun ?? asWritten(message);
  const leave = (): void => {
    setEdited(nothing);
    onDone();
  };
  const save = async (): Promise<void> => {
    const mentions = namedIn(chatId, written);
    const isOther = written.text !== message.text || String(mentions) !== String(namedIn(chatId, asWritten(message)));
    // Another device has changed the message since the edit began: the server refuses with a reason.
    if (isOther) await edit({ ...message, rev: begun?.rev ?? message.rev }, written.text, mentions);
    leave();
  };
  const submit = async (): Promise<void> => {
    if (isSaving.current) return;
    isSaving.current = true;
    await save().catch(told);
    isSaving.current = false;
  };
  return {
    written,
    above: { title: t().editing, message, leave },
    label: t().save,
    icon: 'check',
    write: (text, mentions) => setEdited({ ...none, seq: message.seq, rev: begun?.rev ?? message.rev, text, mentions }),
    submit,
  };
}

/** Returns the source text of a message. */
const asWritten = ({ text, entities }: MessageView): Draft => ({
  text,
  replyTo: null,
  mentions: mentionsOf(text, entities ?? []),
});
