/** Where words are written: grows, keeps its draft, replies, edits, completes names. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { MessageView } from '../../api/types';
import { preview } from '../../content/preview';
import { t } from '../../i18n';
import { hasKeyboard, isEditable, readSetting } from '../../lib/browser';
import { type Mention, mentionsOf, moved, named } from '../../lib/mentions';
import { isEmpty } from '../../lib/words';
import { shownMessage } from '../../store/aside';
import { type Draft, drafts, setDraft } from '../../store/drafts';
import { members } from '../../store/members';
import { windowOf } from '../../store/messages';
import { myId, server } from '../../store/session';
import { nameOf, spelled } from '../../store/users';
import { edit, send, typingIn } from '../../sync';
import { IconButton } from '../../ui/Button';
import { told } from '../../ui/Toast';
import { Completion } from './Completion';
import css from './Composer.module.css';
import { EmojiButton } from './EmojiButton';
import { insert, linked, markOf, toggle } from './format';

interface Props {
  chatId: number;
  editing: MessageView | null;
  onEdit: (message: MessageView | null) => void;
}

const none: Draft = { text: '', replyTo: null, mentions: [] };

export function Composer({ chatId, editing, onEdit }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  const draft = drafts.value.get(chatId) ?? none;
  const [edited, setEdited] = useState({ seq: 0, rev: 0, ...none });
  const isSaving = useRef(false);
  const begun = edited.seq === editing?.seq ? edited : null;
  const written = editing ? (begun ?? asWritten(editing)) : draft;
  const { text } = written;
  const most = server.value?.limits.message_max_chars ?? 16_000;
  const over = text.length > most ? [...text].length - most : 0;
  useLayoutEffect(() => fit(area.current), [text]);
  // At once, not after the next paint: the focus may be wanted elsewhere by then.
  useLayoutEffect(() => focusWhereThereIsAKeyboard(area.current), [chatId, draft.replyTo]);
  useLayoutEffect(() => {
    // Only its beginning: an edit ends when the server has answered, and its author may be elsewhere by then.
    if (editing) focusWhereThereIsAKeyboard(area.current);
  }, [editing]);
  useTypeAnywhere(area);

  const write = (value: string, caret: number, completed: readonly Mention[] = []): void => {
    const mentions = [...moved(written.mentions, text, value, caret), ...completed];
    if (editing) setEdited({ ...none, seq: editing.seq, rev: begun?.rev ?? editing.rev, text: value, mentions });
    else setDraft(chatId, { ...draft, text: value, mentions });
    if (value && !editing) typingIn(chatId);
  };
  const leaveEdit = (): void => {
    setEdited({ seq: 0, rev: 0, ...none });
    onEdit(null);
  };
  const save = async (message: MessageView): Promise<void> => {
    if (isSaving.current) return;
    isSaving.current = true;
    try {
      const mentions = namedIn(chatId, written);
      const isOther = text !== message.text || String(mentions) !== String(namedIn(chatId, asWritten(message)));
      // Begun on words that another device has changed since: the server says so.
      if (isOther) await edit({ ...message, rev: begun?.rev ?? message.rev }, text, mentions);
      leaveEdit();
    } catch (error) {
      told(error as Error);
    } finally {
      isSaving.current = false;
    }
  };
  const submit = async (): Promise<void> => {
    if (isEmpty(text) || over > 0) return;
    if (editing) await save(editing);
    else await send(chatId, draft, namedIn(chatId, draft));
  };
  const cancel = (): void => {
    if (editing) leaveEdit();
    else setDraft(chatId, { ...draft, replyTo: null });
    focusWhereThereIsAKeyboard(area.current);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const mark = markOf(event);
    if (sends(event)) void submit();
    else if (mark) toggle(event.currentTarget as HTMLTextAreaElement, mark);
    else if (event.key === 'Escape' && (editing || draft.replyTo)) cancel();
    else if (event.key === 'ArrowUp' && !text) editLast(chatId, onEdit);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onPaste = (event: ClipboardEvent): void => {
    const box = event.currentTarget as HTMLTextAreaElement;
    const link = linked(box, event.clipboardData?.getData('text/plain') ?? '');
    if (!link) return;
    event.preventDefault();
    insert(box, link);
  };
  return (
    <form
      class={css.composer}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {(editing || draft.replyTo) && (
        <Above chatId={chatId} editing={editing} replyTo={draft.replyTo} onCancel={cancel} />
      )}
      {over > 0 && (
        <p class={css.over} role="status">
          {t().tooLong(over)}. {t().tooLongWhy(most)}
        </p>
      )}
      <Completion chatId={chatId} area={area} written={written} onPick={write} />
      <div class={css.row}>
        <textarea
          ref={area}
          rows={1}
          dir="auto"
          placeholder={t().write}
          aria-label={t().write}
          value={text}
          onInput={({ currentTarget: box }) => write(box.value, box.selectionEnd)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        <EmojiButton onPick={(mark) => area.current && insert(area.current, mark)} />
        <IconButton
          icon={editing ? 'check' : 'send'}
          label={editing ? t().save : t().send}
          type="submit"
          disabled={isEmpty(text) || over > 0}
        />
      </div>
    </form>
  );
}

function Above({
  chatId,
  editing,
  replyTo,
  onCancel,
}: {
  chatId: number;
  editing: MessageView | null;
  replyTo: number | null;
  onCancel: () => void;
}) {
  const message = editing ?? (replyTo ? shownMessage(chatId, replyTo) : null);
  return (
    <div class={css.above}>
      <div>
        <b>{editing ? t().editing : t().replyTo(message ? nameOf(message.sender_id) : '…')}</b>
        <span>{message ? preview(message) : ''}</span>
      </div>
      <IconButton icon="close" label={t().cancel} onClick={onCancel} />
    </div>
  );
}

/** A message as its author wrote it. */
const asWritten = ({ text, entities }: MessageView): Draft => ({
  text,
  replyTo: null,
  mentions: mentionsOf(text, entities ?? []),
});

const namedIn = (chatId: number, { text, mentions }: Draft): number[] =>
  named(text, mentions, spelled((members.value.get(chatId) ?? []).map(({ user }) => user.id)));

/** Enter, or with the command key where Enter is chosen (or meant, on a screen keyboard) for new lines. */
function sends(event: KeyboardEvent): boolean {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return false;
  if (event.ctrlKey || event.metaKey) return true;
  return readSetting('enter') !== 'line' && hasKeyboard();
}

/** As high as its lines, up to 40 % of the window. */
function fit(area: HTMLTextAreaElement | null): void {
  if (!area) return;
  area.style.height = 'auto';
  area.style.height = `${Math.min(area.scrollHeight, innerHeight * 0.4)}px`;
}

function focusWhereThereIsAKeyboard(area: HTMLTextAreaElement | null): void {
  if (hasKeyboard()) area?.focus();
}

function editLast(chatId: number, onEdit: (message: MessageView) => void): void {
  const mine = windowOf(chatId).value?.items.findLast(
    (one) => one.sender_id === myId() && one.kind === 'text' && !one.deleted_at,
  );
  if (mine) onEdit(mine);
}

/** Typing anywhere on the page writes here. */
function useTypeAnywhere(area: { current: HTMLTextAreaElement | null }): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isText = event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey && !event.altKey;
      const isFree = !isEditable(event.target) && !document.querySelector('dialog[open], [popover]:popover-open');
      const isCommand = event.target instanceof HTMLElement && event.target.closest('article[data-seq]');
      if (isText && isFree && !isCommand && !event.defaultPrevented) area.current?.focus();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [area]);
}
