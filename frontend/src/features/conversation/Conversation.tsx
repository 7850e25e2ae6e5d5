/** One chat: header, messages, composer, and the actions on messages. */
import { useComputed } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Context } from '../../acts/act';
import { isKeyOf, press } from '../../acts/all';
import { itemsOf } from '../../acts/menu';
import { reply } from '../../acts/messages';
import { isPassing } from '../../api/problem';
import type { MessageView } from '../../api/types';
import { menuHeads } from '../../content/registry';
import { useMessage } from '../../content/reply/shown';
import type { Open, Thing } from '../../content/things';
import { t } from '../../i18n';
import { hasKeyboard, isEditable } from '../../lib/browser';
import { retry } from '../../lib/retry';
import { dropAside, putAside } from '../../store/aside';
import { chat, chatSignal } from '../../store/chats';
import { type Draft, drafts, setDraft, takeBack } from '../../store/drafts';
import { messagesOf, pendingOf, windowOf } from '../../store/messages';
import { beginEdit, closeEdit, openEdit } from '../../store/mine/edits';
import { unreadAfter } from '../../store/unread';
import { clearUnread, loadNewest, openChat, type Problem, showDay } from '../../sync';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import { Menu } from '../../ui/Menu';
import type { Spot } from '../../ui/place';
import { told } from '../../ui/Toast';
import { useSwipe } from '../../ui/touch/swipe';
import { Composer } from '../composer/Composer';
import css from './Conversation.module.css';
import { Header } from './Header';
import { MessageList } from './MessageList';
import { SelectionBar } from './SelectionBar';
import { Skeleton } from './Skeleton';
import { type Selecting, useSelecting } from './selecting';
import { quoted } from './selection';

interface Props {
  chatId: number;
  title: string;
  /** The message to show, and an object that differs on each visit of its address. */
  target: number | null;
  visit: object;
  status: ComponentChildren;
  onBack: () => void;
  open: Open;
}

/** The wait between tries to open a chat, ms. */
const OPENING = { first: 1000, most: 15_000 };

export function Conversation({ chatId, title, target, visit, status, onBack, open }: Props) {
  const [chosen, setChosen] = useChosen(chatId);
  const [spot, setSpot] = useState<Spot>({ x: 0, y: 0 });
  const divider = useDivider(chatId);
  const { problem, retry } = useOpened(chatId, target, visit);
  const { value: isLoaded } = useComputed(() => windowOf(chatId).value !== null);
  const { value: hasUnsent } = useComputed(() => pendingOf(chatId).length > 0);
  // What was written in a chat that could not be loaded yet is shown without its messages.
  const isShown = isLoaded || (hasUnsent && (!problem || problem.isPassing));
  const selecting = useSelecting(chatId);
  const contextOf = useContextOf(chatId, selecting, open);
  const onMenu = useCallback(
    (message: MessageView, at: Spot): void => {
      setSpot(at);
      setChosen(message);
    },
    [setChosen],
  );
  // The key that selects one message deselects a selected one.
  const onKey = useCallback(
    (message: MessageView, event: KeyboardEvent) =>
      press('messages', contextOf(around(message, selecting)), event) ||
      press('messages', contextOf([message]), event, 'select'),
    [contextOf, selecting],
  );
  const onEditPending = useCallback(
    (draft: Draft): void => {
      const edit = openEdit(chatId);
      if (edit) closeEdit(edit);
      takeBack(chatId, draft);
      if (hasKeyboard()) document.querySelector<HTMLElement>('main form textarea')?.focus();
    },
    [chatId],
  );
  const onDay = (day: string): void =>
    void showDay(chatId, day).then((seq) => open({ kind: 'chat', chatId, seq }), told);
  useKeys(chatId, selecting.messages.length ? selecting.clear : onBack);
  useCleared(chatId, target, visit);
  useEffect(() => () => dropAside(chatId), [chatId]);
  return (
    <main class={css.conversation} {...useSwipe(onBack)}>
      {selecting.messages.length > 0 ? (
        <SelectionBar context={contextOf(selecting.messages)} onClear={selecting.clear} />
      ) : (
        <Header chatId={chatId} title={title} onBack={onBack} context={contextOf([])} />
      )}
      <p class={css.spoken} role="status">
        {selecting.messages.length > 0 && t().selected(selecting.messages.length)}
      </p>
      {status}
      {problem && !isShown ? (
        <Empty title={problem.status ? problem.message : t().loadFailed}>
          <Button onClick={retry}>{t().tryAgain}</Button>
        </Empty>
      ) : isShown ? (
        <MessageList
          key={chatId}
          chatId={chatId}
          title={title}
          divider={divider}
          target={target}
          visit={visit}
          selecting={selecting}
          marked={chosen?.seq ?? null}
          onMenu={onMenu}
          onKey={onKey}
          open={open}
          onDay={onDay}
          onEditPending={onEditPending}
        />
      ) : (
        <Skeleton />
      )}
      <Composer key={chatId} chatId={chatId} />
      {chosen && (
        <Menu
          label={t().more}
          at={spot}
          head={menuHeads.map((Head, place) => <Head key={place} message={chosen} onClose={() => setChosen(null)} />)}
          items={itemsOf('messages', contextOf(around(chosen, selecting)))}
          onClose={() => setChosen(null)}
        />
      )}
    </main>
  );
}

/** Returns the messages of an act on a message: all selected ones if it is among them. */
const around = (message: MessageView, { messages, seqs }: Selecting): readonly MessageView[] =>
  seqs.has(message.seq) ? messages : [message];

/** Runs acts on messages: edits and selections belong to the conversation, the page opens the rest. */
function useContextOf(
  chatId: number,
  { toggle }: Selecting,
  open: Open,
): (messages: readonly MessageView[]) => Context {
  return useCallback(
    (messages) => ({
      chatId,
      messages,
      open: (thing: Thing): void => {
        if (thing.kind === 'edit') beginEdit(thing.message);
        else if (thing.kind === 'select') toggle(thing.message.seq);
        else open(thing);
      },
    }),
    [chatId, toggle, open],
  );
}

/** Returns the current state of the message that an action applies to; `null` after its deletion. */
function useChosen(chatId: number): [MessageView | null, (message: MessageView | null) => void] {
  const [seq, setSeq] = useState<number | null>(null);
  const message = useMessage(chatId, seq);
  const choose = useCallback((chosen: MessageView | null) => {
    if (chosen) putAside(chosen);
    setSeq(chosen?.seq ?? null);
  }, []);
  return [message?.deleted_at ? null : message, choose];
}

/** Loads the chat, or the wanted message, on each visit; repeats after a temporary failure. */
function useOpened(
  chatId: number,
  target: number | null,
  visit: object,
): { problem: Problem | null; retry: () => void } {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [turn, setTurn] = useState({});
  // biome-ignore lint/correctness/useExhaustiveDependencies: each visit of an address, and each try by hand, opens it anew
  useEffect(() => {
    let isWanted = true;
    const onFailed = (error: unknown): void => {
      if (!isWanted) return;
      if (!windowOf(chatId).value) setProblem(error as Problem);
      else if (target) told(error as Problem);
    };
    const plan = { waits: OPENING, isWanted: () => isWanted, isPassing, onFailed };
    retry(() => openChat(chatId, target), plan).then(
      () => isWanted && setProblem(null),
      () => {},
    );
    return () => {
      isWanted = false;
    };
  }, [chatId, target, visit, turn]);
  return { problem, retry: () => setTurn({}) };
}

/** Removes the unread mark when a chat is opened anew; a jump to a message of the open chat does not. */
function useCleared(chatId: number, target: number | null, visit: object): void {
  const isOpen = useRef(false);
  const isKnown = chatSignal(chatId) !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each visit of its address opens it anew
  useEffect(() => {
    if (!isKnown) return;
    if (!isOpen.current || target === null) clearUnread(chatId);
    isOpen.current = true;
  }, [chatId, target, visit, isKnown]);
}

/** Returns the read mark at the opening of the chat: the divider stays there until the reader leaves or writes. */
function useDivider(chatId: number): number {
  const [divider, setDivider] = useState(() => {
    const view = chat(chatId);
    return view?.my.unread ? Math.max(unreadAfter(view.my), 0.5) : 0;
  });
  const mine = pendingOf(chatId).at(-1)?.cmid;
  const before = useRef(mine);
  useEffect(() => {
    if (!mine || mine === before.current) return;
    before.current = mine;
    setDivider(0);
    // Sending a message while reading old ones moves to the end, where the message will appear.
    if (windowOf(chatId).value?.hasAfter) loadNewest(chatId).catch(() => {});
  }, [chatId, mine]);
  return divider;
}

/** Handles Escape, which steps back, and R, which quotes the selection. */
function useKeys(chatId: number, onBack: () => void): void {
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (document.querySelector('dialog[open], [popover]:popover-open') || event.shiftKey) return;
      if (event.key === 'Escape') {
        const draft = drafts.value.get(chatId);
        if (draft?.replyTo) setDraft(chatId, { ...draft, replyTo: null });
        else onBack();
      }
    };
    // The capture phase comes first: otherwise the composer would take the focus and clear the selection.
    const onQuote = (event: KeyboardEvent): void => {
      const isMeant = isKeyOf('reply', event) && !isEditable(event.target);
      const found = isMeant && quoted(messagesOf(chatId));
      if (!found) return;
      event.preventDefault();
      reply(found.message, found.text);
      getSelection()?.removeAllRanges();
    };
    addEventListener('keydown', onKey);
    addEventListener('keydown', onQuote, { capture: true });
    return () => {
      removeEventListener('keydown', onKey);
      removeEventListener('keydown', onQuote, { capture: true });
    };
  }, [chatId, onBack]);
}
