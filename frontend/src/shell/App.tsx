/** The columns of the page, and which screen stands in them. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { titleOf } from '../content/names/names';
import { Auth } from '../features/auth/Auth';
import { Forgot, Reset, Verify } from '../features/auth/Letters';
import { ChatList } from '../features/chat-list/ChatList';
import { Conversation } from '../features/conversation/Conversation';
import { InviteDialog } from '../features/people/InviteDialog';
import { Members } from '../features/people/Members';
import { NewChat } from '../features/people/NewChat';
import { Settings } from '../features/settings/Settings';
import { lang, t } from '../i18n';
import { chat, chatIds, chatSignal } from '../store/chats';
import { mayInvite, phase } from '../store/session';
import { acceptInvite, markRead, openDirect, openSaved, type Problem } from '../sync';
import { Button } from '../ui/Button';
import { Empty } from '../ui/Empty';
import { Toasts, toast, told } from '../ui/Toast';
import css from './App.module.css';
import { Booting } from './Booting';
import { Connection } from './Connection';
import { Finder } from './Finder';
import { useKeys } from './keys';
import { commands, FIND_KEYS, PALETTE_KEYS } from './palette';
import { noteVisit } from './ranking';
import { go, goHome, type Route, route } from './routes';
import { useTitle } from './title';
import { useUndo } from './undo';
import { takeNew, waiting } from './version';
import { useViewport } from './viewport';

type Open = 'new' | 'group' | 'invite' | 'members' | 'chats' | 'commands' | null;

export function App() {
  useTitle();
  useViewport();
  return (
    <>
      <Screen />
      <Toasts />
    </>
  );
}

function Screen() {
  const at = route.value;
  const done = (chatId: number | null): void => go(chatId ? `/chat/${chatId}` : '/', true);
  const home = (): void => go('/', true);
  if (at.screen === 'verify') return <Verify key={at.token} token={at.token} onDone={home} />;
  if (at.screen === 'reset')
    return <Reset key={at.token} token={at.token} onDone={home} onForgot={() => go('/forgot', true)} />;
  if (phase.value === 'booting') return <Booting />;
  if (phase.value === 'in') return <Columns />;
  if (phase.value === 'setup') return <Auth mode="setup" setup={at.screen === 'setup' ? at.code : ''} onDone={done} />;
  if (at.screen === 'invite') return <Auth mode="register" invite={at.code} onDone={done} />;
  if (at.screen === 'forgot') return <Forgot onDone={home} />;
  return <Auth mode="signIn" onDone={done} onForgot={() => go('/forgot')} />;
}

function Columns() {
  const at = route.value;
  const [open, setOpen] = useState<Open>(null);
  const chatId = at.screen === 'chat' ? at.chatId : null;
  const show = useCallback((id: number) => {
    setOpen(null);
    go(`/chat/${id}`);
  }, []);
  useInvite(at.screen === 'invite' ? at.code : '', show);
  useKeys({ chatId, show, find: setOpen, markAllRead, help });
  useFocusBack(chatId);
  useUndo();
  useEffect(() => {
    if (at.screen === 'setup' || at.screen === 'forgot') go('/', true);
    if (chatId) noteVisit(chatId);
  }, [at]);
  return (
    <div class={css.columns} data-side={at.screen === 'home' || at.screen === 'invite' ? 'list' : 'main'}>
      <div class={css.side}>
        <ChatList
          current={chatId}
          // One line on the page: the conversation shows it where there is one.
          status={chatId ? null : <Connection />}
          onOpen={show}
          onNew={() => setOpen('new')}
          onInvite={() => setOpen('invite')}
          onSettings={() => go('/settings')}
        />
        {waiting.value && (
          <p class={css.version} role="status">
            {t().newVersion} <Button onClick={takeNew}>{t().takeNew}</Button>
          </p>
        )}
      </div>
      <div class={css.main}>
        <Main at={at} onMembers={() => setOpen('members')} />
      </div>
      <Dialogs open={open} setOpen={setOpen} chatId={chatId} show={show} />
    </div>
  );
}

function Main({ at, onMembers }: { at: Route; onMembers: () => void }) {
  if (at.screen === 'settings') return <Settings onBack={goHome} section={at.section} />;
  // A chat one was taken out of closes by itself.
  if (at.screen === 'chat' && (chatIds.value.length === 0 || chatSignal(at.chatId))) {
    return (
      <Conversation
        key={at.chatId}
        chatId={at.chatId}
        title={titleOf(at.chatId)}
        target={at.seq}
        visit={at}
        status={<Connection />}
        onBack={goHome}
        onMembers={onMembers}
        onJump={(seq) => go(`/chat/${at.chatId}/${seq}`)}
      />
    );
  }
  return (
    <main class={css.nothing}>
      <Empty title={t().chooseChat} hint={t().chooseChatHint(FIND_KEYS, PALETTE_KEYS)} />
    </main>
  );
}

interface DialogsProps {
  open: Open;
  setOpen: (next: Open) => void;
  chatId: number | null;
  show: (chatId: number) => void;
}

function Dialogs({ open, setOpen, chatId, show }: DialogsProps) {
  const close = (): void => setOpen(null);
  const invite = (): void => setOpen('invite');
  const view = chatId ? chatSignal(chatId)?.value : undefined;
  /** The group that is open, where I may make links into it. */
  const group = view?.kind === 'group' && view.my_role !== 'member' ? view.id : null;
  const doings = useMemo(
    () =>
      commands({
        newChat: () => setOpen('new'),
        newGroup: () => setOpen('group'),
        saved: () => void openSaved().then(show, told),
        invite,
        settings: () => go('/settings'),
        help,
        markAllRead,
      }).filter((one) => one.run !== invite || group || mayInvite()),
    [lang.value, group, mayInvite()],
  );
  if (open === 'chats' || open === 'commands') {
    const person = (id: number): void => void openDirect(id).then(show, told);
    return (
      <Finder
        key={open}
        kind={open}
        current={chatId}
        commands={doings}
        onOpen={show}
        onPerson={person}
        onClose={close}
      />
    );
  }
  if (open === 'new' || open === 'group')
    return <NewChat key={open} isGroup={open === 'group'} onClose={close} onOpen={show} onInvite={invite} />;
  if (open === 'invite') return <InviteDialog chatId={group} onClose={close} />;
  if (open !== 'members' || !chatId) return null;
  const left = (): void => {
    close();
    goHome();
  };
  return <Members chatId={chatId} onClose={close} onInvite={invite} onLeft={left} />;
}

const help = (): void => go('/settings/keys');

function markAllRead(): void {
  const unread = chatIds.value.filter((id) => chat(id)?.unread);
  for (const id of unread) markRead(id, chat(id)?.head_seq ?? 0);
  toast(unread.length ? t().allMarkedRead : t().nothingUnread);
}

/** Somebody signed in opened an invite: they come in. */
function useInvite(code: string, show: (id: number) => void): void {
  useEffect(() => {
    if (!code) return;
    acceptInvite(code).then(show, (error: Problem) => {
      told(error);
      go('/', true);
    });
  }, [code, show]);
}

/** Whoever leaves a chat stands on its row again. */
function useFocusBack(chatId: number | null): void {
  const before = useRef(chatId);
  useEffect(() => {
    if (!chatId && before.current && document.activeElement === document.body)
      document.querySelector<HTMLElement>(`nav a[href="/chat/${before.current}"]`)?.focus();
    before.current = chatId;
  }, [chatId]);
}
