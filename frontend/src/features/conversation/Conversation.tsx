/** One chat: header, messages, composer, and what can be done with a message. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { MessageView } from '../../api/types';
import { lang, t } from '../../i18n';
import { ago } from '../../lib/time';
import { chat, chatSignal, typing } from '../../store/chats';
import { drafts, setDraft } from '../../store/drafts';
import { windowOf } from '../../store/messages';
import { connection, isKept, myId } from '../../store/session';
import { nameOf, presence } from '../../store/users';
import { openChat, type Problem, removeSoon, showMessage } from '../../sync';
import { Avatar } from '../../ui/Avatar';
import { Button, IconButton } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import { Menu, type MenuItem, type Spot } from '../../ui/Menu';
import { toast } from '../../ui/Toast';
import { Composer } from '../composer/Composer';
import { MessageDetails } from '../message/MessageDetails';
import css from './Conversation.module.css';
import { MessageList } from './MessageList';

interface Props {
  chatId: number;
  title: string;
  target: number | null;
  onBack: () => void;
  onMembers: () => void;
  onJump: (seq: number) => void;
}

export function Conversation({ chatId, title, target, onBack, onMembers, onJump }: Props) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [editing, setEditing] = useState<MessageView | null>(null);
  const [menu, setMenu] = useState<{ message: MessageView; at: Spot } | null>(null);
  const [details, setDetails] = useState<MessageView | null>(null);
  const divider = useDivider(chatId);
  const onMenu = useStable((message: MessageView, at: Spot) => setMenu({ message, at }));
  const window = windowOf(chatId).value;

  const [tries, setTries] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const failed = (error: Problem): void => {
      if (!windowOf(chatId).value) setProblem(error);
      if (error.isPassing) timer = setTimeout(() => setTries(tries + 1), Math.min(1000 * 2 ** tries, 15_000));
    };
    const loading = target ? showMessage(chatId, target).then(() => openChat(chatId)) : openChat(chatId);
    loading.then(() => setProblem(null), failed);
    return () => clearTimeout(timer);
  }, [chatId, target, tries]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !document.querySelector('dialog[open], [popover]:popover-open')) onBack();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [onBack]);

  const deleteSoon = (message: MessageView): void => {
    const undo = removeSoon(message, (error) => toast(error.message || t().failed));
    toast(t().removed, { label: t().undo, run: undo });
  };
  const reply = (message: MessageView): void =>
    setDraft(chatId, { ...(drafts.value.get(chatId) ?? { text: '', mentions: [] }), replyTo: message.seq });
  const restore = (text: string): void => setDraft(chatId, { text, replyTo: null, mentions: [] });

  return (
    <main class={css.conversation}>
      <Header chatId={chatId} title={title} onBack={onBack} onMembers={onMembers} />
      <Line />
      {problem ? (
        <Empty title={problem.status ? problem.message : t().loadFailed}>
          <Button onClick={() => setTries(tries + 1)}>{t().tryAgain}</Button>
        </Empty>
      ) : window ? (
        <MessageList
          key={chatId}
          chatId={chatId}
          title={title}
          window={window}
          divider={divider}
          target={target}
          onMenu={onMenu}
          onJump={onJump}
          onEditPending={restore}
        />
      ) : (
        <div class={css.loading} aria-busy="true" aria-label={t().loading} role="status" />
      )}
      <Composer key={chatId} chatId={chatId} editing={editing} onEdit={setEditing} />
      {menu && (
        <Menu
          label={t().more}
          at={menu.at}
          items={itemsFor(menu.message, { reply, edit: setEditing, remove: deleteSoon, details: setDetails })}
          onClose={() => setMenu(null)}
        />
      )}
      {details && <MessageDetails message={details} onClose={() => setDetails(null)} />}
    </main>
  );
}

type Doing = Record<'reply' | 'edit' | 'remove' | 'details', (message: MessageView) => void>;

function itemsFor(message: MessageView, doing: Doing): MenuItem[] {
  const isMine = message.sender_id === myId();
  const view = chat(message.chat_id);
  const mayDelete = isMine || (view?.kind === 'group' && view.my_role !== 'member');
  const items: MenuItem[] = [
    { label: t().reply, icon: 'reply', run: () => doing.reply(message) },
    { label: t().copy, icon: 'copy', run: () => void navigator.clipboard?.writeText(message.text) },
    { label: t().readBy, icon: 'read', run: () => doing.details(message) },
  ];
  if (isMine) items.splice(1, 0, { label: t().edit, icon: 'edit', run: () => doing.edit(message) });
  if (mayDelete) items.push({ label: t().remove, icon: 'remove', danger: true, run: () => doing.remove(message) });
  return items;
}

/** The read mark the chat was opened with: the divider stays there until the chat is left. */
function useDivider(chatId: number): number {
  return useMemo(() => {
    const view = chat(chatId);
    return view?.unread ? Math.max(view.read_seq ?? 0, 0.5) : 0;
  }, [chatId]);
}

/** A function that stays the same one, so that messages need not render anew. */
function useStable<A extends unknown[]>(run: (...args: A) => void): (...args: A) => void {
  return useMemo(() => run, []);
}

function Header({ chatId, title, onBack, onMembers }: Pick<Props, 'chatId' | 'title' | 'onBack' | 'onMembers'>) {
  const view = chatSignal(chatId)?.value;
  if (!view) return <header class={css.header} />;
  const isGroup = view.kind === 'group';
  const there = view.peer ? presence.value.get(view.peer.id) : undefined;
  const body = (
    <>
      <Avatar id={view.peer?.id ?? chatId} name={title} size={36} saved={view.kind === 'saved'} />
      <span>
        <h1>{title}</h1>
        <small>
          <State chatId={chatId} />
          {isGroup && t().members(view.member_count)}
          {!isGroup && there?.online && t().online}
          {!isGroup &&
            there &&
            !there.online &&
            there.last_seen_at &&
            t().lastSeen(ago(there.last_seen_at, lang.value))}
        </small>
      </span>
    </>
  );
  return (
    <header class={css.header}>
      <span class={css.back}>
        <IconButton icon="back" label={t().back} onClick={onBack} />
      </span>
      {isGroup ? (
        <button type="button" class={css.who} onClick={onMembers} aria-label={`${title}, ${t().membersTitle}`}>
          {body}
        </button>
      ) : (
        <div class={css.who}>{body}</div>
      )}
      {isGroup && <IconButton icon="people" label={t().membersTitle} onClick={onMembers} />}
    </header>
  );
}

function State({ chatId }: { chatId: number }) {
  const writers = [...(typing.value.get(chatId)?.keys() ?? [])];
  if (!writers[0]) return null;
  return <em>{writers.length > 1 ? t().typingMany(writers.length) : t().typing(nameOf(writers[0]))} </em>;
}

/** A thin line, only when the connection stays away. */
function Line() {
  const words =
    connection.value === 'offline'
      ? t().offline
      : connection.value === 'connecting'
        ? t().connecting
        : isKept.value
          ? ''
          : t().notKept;
  return (
    <p class={css.line} role="status" data-state={connection.value}>
      {words}
    </p>
  );
}
