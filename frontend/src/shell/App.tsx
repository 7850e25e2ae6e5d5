/** The columns of the page, and which screen stands in them. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type Context, type PageThing, spell, type Thing } from '../acts/act';
import { FIND, invitingGroup, PALETTE } from '../acts/page';
import { titleOf } from '../content/names/names';
import { Auth } from '../features/auth/Auth';
import { Forgot, Reset, Verify } from '../features/auth/Letters';
import { ChatList } from '../features/chat-list/ChatList';
import { Conversation } from '../features/conversation/Conversation';
import { InviteDialog } from '../features/people/InviteDialog';
import { Members } from '../features/people/Members';
import { NewChat } from '../features/people/NewChat';
import { Settings } from '../features/settings/Settings';
import { t } from '../i18n';
import { allChats, chatSignal } from '../store/chats';
import { phase } from '../store/session';
import { acceptInvite, openDirect, type Problem } from '../sync';
import { Button } from '../ui/Button';
import { Empty } from '../ui/Empty';
import { Toasts, told } from '../ui/Toast';
import css from './App.module.css';
import { Booting } from './Booting';
import { Connection } from './Connection';
import { useClock } from './clock';
import { Finder } from './Finder';
import { useKeys } from './keys';
import { noteVisit } from './ranking';
import { go, goHome, type Route, route } from './routes';
import { useTitle } from './title';
import { useUndo } from './undo';
import { takeNew, waiting } from './version';
import { useViewport } from './viewport';

/** The dialog that is open. */
type Open = 'newChat' | 'newGroup' | 'invite' | 'members' | 'chats' | 'commands' | null;

export function App() {
  useTitle();
  useClock();
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
  const [opened, setOpened] = useState<Open>(null);
  const chatId = at.screen === 'chat' ? at.chatId : null;
  const show = useCallback((id: number, seq?: number) => {
    setOpened(null);
    go(seq ? `/chat/${id}/${seq}` : `/chat/${id}`);
  }, []);
  const open = useCallback(
    (thing: PageThing) => {
      if (thing.kind === 'chat') show(thing.chatId, thing.seq);
      else if (thing.kind === 'settings') go('/settings');
      else if (thing.kind === 'keys') go('/settings/keys');
      else setOpened(thing.kind);
    },
    [show],
  );
  const context = useMemo<Context>(
    () => ({ chatId, messages: [], open: (thing: Thing) => 'message' in thing || open(thing) }),
    [chatId, open],
  );
  useInvite(at.screen === 'invite' ? at.code : '', show);
  useKeys(context);
  useFocusBack(chatId);
  useUndo();
  useVisit(at);
  return (
    <div class={css.columns} data-side={at.screen === 'home' || at.screen === 'invite' ? 'list' : 'main'}>
      <div class={css.side}>
        <ChatList
          current={chatId}
          // One line on the page: the conversation shows it where there is one.
          status={chatId ? null : <Connection />}
          onOpen={show}
          onNew={() => open({ kind: 'newChat' })}
          onInvite={() => open({ kind: 'invite' })}
          onSettings={() => go('/settings')}
        />
        {waiting.value && (
          <p class={css.version} role="status">
            {t().newVersion} <Button onClick={takeNew}>{t().takeNew}</Button>
          </p>
        )}
      </div>
      <div class={css.main}>
        <Main at={at} open={open} />
      </div>
      <Dialogs opened={opened} setOpened={setOpened} context={context} show={show} />
    </div>
  );
}

function Main({ at, open }: { at: Route; open: (thing: PageThing) => void }) {
  if (at.screen === 'settings') return <Settings onBack={goHome} section={at.section} />;
  // A chat one was taken out of closes by itself.
  if (at.screen === 'chat' && (allChats().length === 0 || chatSignal(at.chatId))) {
    return (
      <Conversation
        key={at.chatId}
        chatId={at.chatId}
        title={titleOf(at.chatId)}
        target={at.seq}
        visit={at}
        status={<Connection />}
        onBack={goHome}
        onOpen={open}
        onJump={(seq) => go(`/chat/${at.chatId}/${seq}`)}
      />
    );
  }
  return (
    <main class={css.nothing}>
      <Empty title={t().chooseChat} hint={t().chooseChatHint(spell(FIND), spell(PALETTE))} />
    </main>
  );
}

interface DialogsProps {
  opened: Open;
  setOpened: (next: Open) => void;
  context: Context;
  show: (chatId: number) => void;
}

function Dialogs({ opened, setOpened, context, show }: DialogsProps) {
  const { chatId } = context;
  const close = (): void => setOpened(null);
  const invite = (): void => setOpened('invite');
  const person = useCallback((id: number): void => void openDirect(id).then(show, told), [show]);
  if (opened === 'chats' || opened === 'commands')
    return <Finder key={opened} kind={opened} context={context} onPerson={person} onClose={close} />;
  if (opened === 'newChat' || opened === 'newGroup')
    return <NewChat key={opened} isGroup={opened === 'newGroup'} onClose={close} onOpen={show} onInvite={invite} />;
  if (opened === 'invite') return <InviteDialog chatId={invitingGroup(chatId)} onClose={close} />;
  if (opened !== 'members' || !chatId) return null;
  const left = (): void => {
    close();
    goHome();
  };
  return <Members chatId={chatId} onClose={close} onInvite={invite} onLeft={left} />;
}

/** A screen for those who are not signed in leads on to the chats; a chat that is opened is remembered. */
function useVisit(at: Route): void {
  useEffect(() => {
    if (at.screen === 'setup' || at.screen === 'forgot') go('/', true);
    if (at.screen === 'chat') noteVisit(at.chatId);
  }, [at]);
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
