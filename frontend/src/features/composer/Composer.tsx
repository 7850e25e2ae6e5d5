/**
 * The editor of messages: a field that grows, a strip above it, completion of names; `Words` define what submitting
 * does.
 */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { mayEdit } from '../../acts/messages';
import { usePart } from '../../content/part';
import { t } from '../../i18n';
import { hasKeyboard, isEditable, readSetting } from '../../lib/browser';
import { type Mention, moved } from '../../lib/mentions';
import { isEmpty } from '../../lib/words';
import { drafts } from '../../store/drafts';
import { windowOf } from '../../store/messages';
import { beginEdit, openEdit } from '../../store/mine/edits';
import { server } from '../../store/session';
import { IconButton } from '../../ui/Button';
import { Above } from './Above';
import { AttachButtons, TrayPlace } from './Attach';
import css from './Composer.module.css';
import { EmojiButton } from './EmojiButton';
import { useEditing } from './editing';
import { insert, markOf } from './field';
import { useFiles } from './files';
import { mayRecord, RecorderPlace, useMicrophone } from './recorder/Microphone';
import { useWriting } from './writing';

const load = () => import('./typed');

export function Composer({ chatId }: { chatId: number }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const [isUsed, setUsed] = useState(false);
  const writing = useWriting(chatId);
  const words = useEditing(chatId) ?? writing;
  const { written } = words;
  const { text } = written;
  const part = usePart(isUsed || text !== '', load);
  const most = server.value?.limits.message_max_chars ?? 16_000;
  const over = text.length > most ? [...text].length - most : 0;
  const canSubmit = over === 0 && (words.files === 'some' || (words.files === 'none' && !isEmpty(text)));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text that is drawn
  useLayoutEffect(() => fit(area.current), [text]);
  useFocus(area, chatId);
  useTypeAnywhere(area);
  const isOver = useFiles(chatId);
  const microphone = useMicrophone(chatId);
  const isSpoken = words === writing && words.files === 'none' && isEmpty(text) && mayRecord(chatId);
  const focus = (): void => focusWhereThereIsAKeyboard(area.current);

  const write = (value: string, caret: number, completed: readonly Mention[] = []): void =>
    words.write(value, [...moved(written.mentions, text, value, caret), ...completed]);
  const submit = async (): Promise<void> => {
    if (!canSubmit) return;
    // The tray goes, and a field of it that has the focus.
    if (words.files === 'some') focus();
    await words.submit();
  };
  const leave = (): void => {
    words.above?.leave();
    focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const mark = markOf(event);
    if (sends(event)) void submit();
    else if (mark) part?.toggle(event.currentTarget as HTMLTextAreaElement, mark);
    else if (event.key === 'Escape' && words.above) leave();
    else if (event.key === 'ArrowUp' && !text) editLast(chatId);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onPaste = (event: ClipboardEvent): void => {
    const box = event.currentTarget as HTMLTextAreaElement;
    const link = part?.linked(box, event.clipboardData?.getData('text/plain') ?? '');
    if (!link) return;
    event.preventDefault();
    insert(box, link);
  };
  return (
    <>
      {isOver && <p class={css.drop}>{t().fileDrop}</p>}
      <form
        class={css.composer}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {words.above && <Above {...words.above} leave={leave} onChosen={focus} />}
        {over > 0 && (
          <p class={css.over} role="status">
            {t().tooLong(over)}. {t().tooLongWhy(most)}
          </p>
        )}
        {words === writing && <TrayPlace chatId={chatId} onEmpty={focus} />}
        {words === writing && <RecorderPlace chatId={chatId} onDone={focus} />}
        {part && <part.Completion chatId={chatId} area={area} written={written} onPick={write} />}
        <div class={css.row}>
          {words === writing && <AttachButtons chatId={chatId} onDone={focus} />}
          <textarea
            ref={area}
            rows={1}
            dir="auto"
            placeholder={t().write}
            aria-label={t().write}
            value={text}
            onInput={({ currentTarget: box }) => write(box.value, box.selectionEnd)}
            onFocus={() => setUsed(true)}
            onKeyDown={onKeyDown}
            onPaste={onPaste}
          />
          <EmojiButton onPick={(mark) => area.current && insert(area.current, mark)} />
          {/* One button: the focus stays on it when a message was sent. */}
          <IconButton
            {...(isSpoken
              ? microphone
              : { icon: words.icon, label: words.label, type: 'submit', disabled: !canSubmit })}
          />
        </div>
      </form>
    </>
  );
}

/** Focuses the field in an opened chat, and when a reply or an edit begins or a reply is cancelled. */
function useFocus(area: { current: HTMLTextAreaElement | null }, chatId: number): void {
  const edited = openEdit(chatId)?.seq;
  const replyTo = drafts.value.get(chatId)?.replyTo;
  // The focus moves at once, not after the next paint: another element may need it by then.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another chat or another reply is the reason, its value is not read
  useLayoutEffect(() => focusWhereThereIsAKeyboard(area.current), [area, chatId, replyTo]);
  useLayoutEffect(() => {
    // Only the beginning of an edit counts: it ends with the server's answer, when its author may already be elsewhere.
    if (edited) focusWhereThereIsAKeyboard(area.current);
  }, [area, edited]);
}

/** Says whether a key submits: Enter, or the command key with Enter if Enter is set to start a new line. */
function sends(event: KeyboardEvent): boolean {
  if (event.key !== 'Enter' || event.shiftKey) return false;
  if (event.ctrlKey || event.metaKey) return true;
  return readSetting('enter') !== 'line' && hasKeyboard();
}

/**
 * Fits the height of the field to its lines, up to 40 % of the window, where the style sheet cannot; in `em`, so that
 * it grows with the text.
 */
function fit(area: HTMLTextAreaElement | null): void {
  if (!area || CSS.supports('field-sizing', 'content')) return;
  area.style.height = 'auto';
  const em = Number.parseFloat(getComputedStyle(area).fontSize);
  area.style.height = `${Math.min(area.scrollHeight, innerHeight * 0.4) / em}em`;
}

function focusWhereThereIsAKeyboard(area: HTMLTextAreaElement | null): void {
  if (hasKeyboard()) area?.focus();
}

function editLast(chatId: number): void {
  const mine = windowOf(chatId).value?.items.findLast(mayEdit);
  if (mine) beginEdit(mine);
}

/** Directs typing anywhere on the page to the field. */
function useTypeAnywhere(area: { current: HTMLTextAreaElement | null }): void {
  useLayoutEffect(() => {
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
