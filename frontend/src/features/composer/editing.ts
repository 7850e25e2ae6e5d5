/** The text of a message that is being edited, kept apart from the draft of the chat until it is saved. */
import { useEffect, useRef } from 'preact/hooks';
import type { MessageView } from '../../api/types';
import { useMessage } from '../../content/reply/shown';
import { t } from '../../i18n';
import { mentionsOf } from '../../lib/mentions';
import type { Draft } from '../../store/drafts';
import {
  clashes,
  closeEdit,
  dropEdit,
  type Edit,
  onto,
  openEdit,
  putEdit,
  saved,
  shownEdit,
  taken,
} from '../../store/mine/edits';
import { edit as save } from '../../sync';
import { toast, told } from '../../ui/Toast';
import { type Clash, namedIn, type Words } from './words';

/** The time in which an edit that was left can be dropped, ms. */
const DROP_MS = 10_000;

/** Returns the text of the open edit; `null` if no message of the chat is being edited. */
export function useEditing(chatId: number): Words | null {
  const begun = openEdit(chatId);
  const message = useMessage(chatId, begun?.seq ?? null);
  const isSaving = useRef(false);
  const gone = message?.deleted_at ? begun : undefined;
  // The message was deleted while this device could not hear of it.
  useEffect(() => gone && dropEdit(gone), [gone]);
  if (!begun || gone) return null;
  const edit = shownEdit(begun, message);
  const submit = async (): Promise<void> => {
    if (isSaving.current) return;
    isSaving.current = true;
    await finish(edit, message).catch(told);
    isSaving.current = false;
  };
  return {
    written: asDraft(edit),
    above: { title: t().editing, message, leave: () => leave(edit), clash: clashOf(edit, message) },
    files: 'none',
    label: t().save,
    icon: 'check',
    write: (text, mentions) => putEdit({ ...edit, text, mentions }),
    submit,
  };
}

/** Saves an edit, unless the message has other words by now that its author has not seen. */
async function finish(edit: Edit, message: MessageView | null): Promise<void> {
  if (clashOf(edit, message)) return;
  const { chatId, seq, text } = edit;
  const mentions = namedIn(chatId, asDraft(edit));
  const isSame = text === message?.text && String(mentions) === String(namedIn(chatId, asWritten(message)));
  if (isSame) dropEdit(edit);
  else saved(edit, await save({ chat_id: chatId, seq, rev: Math.max(edit.rev, message?.rev ?? 0) }, text, mentions));
}

/** Closes an edit; changed words are kept and can be dropped for a while. */
function leave(edit: Edit): void {
  if (closeEdit(edit)) toast(t().editKept, { label: t().dropEdit, run: () => dropEdit(edit) }, DROP_MS);
}

/** Returns the choice between the words of an edit and those that the message was given elsewhere. */
function clashOf(edit: Edit, message: MessageView | null): Clash | null {
  if (!message || !clashes(edit, message)) return null;
  return {
    text: message.text,
    keep: () => putEdit(onto(edit, message)),
    take: () => {
      putEdit(taken(edit, message));
      toast(t().editTaken, { label: t().undo, run: () => putEdit(onto(edit, message)) }, DROP_MS);
    },
  };
}

const asDraft = ({ text, mentions }: Edit): Draft => ({ text, replyTo: null, mentions });

/** Returns the source text of a message. */
const asWritten = ({ text, entities }: MessageView): Draft => ({
  text,
  replyTo: null,
  mentions: mentionsOf(text, entities ?? []),
});
