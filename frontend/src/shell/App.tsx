/** The columns of the page, and which screen stands in them. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { Auth } from '../features/auth/Auth';
import { ChatList, titleOf } from '../features/chat-list/ChatList';
import { Conversation } from '../features/conversation/Conversation';
import { InviteDialog } from '../features/people/InviteDialog';
import { Members } from '../features/people/Members';
import { NewChat } from '../features/people/NewChat';
import { Settings } from '../features/settings/Settings';
import { t } from '../i18n';
import { isEditable } from '../lib/browser';
import { chatIds, chatSignal, unreadTotal } from '../store/chats';
import { phase, server } from '../store/session';
import { acceptInvite, type Problem } from '../sync';
import { Empty } from '../ui/Empty';
import { Toasts, toast } from '../ui/Toast';
import css from './App.module.css';
import { go, route } from './routes';

type Open = 'new' | 'invite' | 'members' | null;

export function App() {
  useTitle();
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
  if (phase.value === 'booting') return <div class={css.booting} role="status" aria-label={t().loading} />;
  if (phase.value === 'in') return <Columns />;
  if (phase.value === 'setup') return <Auth mode="setup" setup={at.screen === 'setup' ? at.code : ''} onDone={done} />;
  if (at.screen === 'invite') return <Auth mode="register" invite={at.code} onDone={done} />;
  return <Auth mode="signIn" onDone={done} />;
}

function Columns() {
  const at = route.value;
  const [open, setOpen] = useState<Open>(null);
  const chatId = at.screen === 'chat' ? at.chatId : null;
  const show = useCallback((id: number) => {
    setOpen(null);
    go(`/chat/${id}`);
  }, []);
  const home = useCallback(() => go('/'), []);
  useInvite(at.screen === 'invite' ? at.code : '', show);
  useKeys(chatId, show);
  useEffect(() => {
    if (at.screen === 'setup') go('/', true);
  }, [at.screen]);
  // A chat one was taken out of closes by itself.
  const isGone = chatId !== null && chatIds.value.length > 0 && !chatSignal(chatId);
  return (
    <div class={css.columns} data-side={at.screen === 'home' || at.screen === 'invite' ? 'list' : 'main'}>
      <div class={css.side}>
        <ChatList
          current={chatId}
          onOpen={show}
          onNew={() => setOpen('new')}
          onInvite={() => setOpen('invite')}
          onSettings={() => go('/settings')}
        />
      </div>
      <div class={css.main}>
        {at.screen === 'settings' ? (
          <Settings onBack={home} />
        ) : chatId && !isGone ? (
          <Conversation
            key={chatId}
            chatId={chatId}
            title={titleOf(chatId)}
            target={at.screen === 'chat' ? at.seq : null}
            onBack={home}
            onMembers={() => setOpen('members')}
            onJump={(seq) => go(`/chat/${chatId}/${seq}`)}
          />
        ) : (
          <main class={css.nothing}>
            <Empty title={t().chooseChat} />
          </main>
        )}
      </div>
      {open === 'new' && <NewChat onClose={() => setOpen(null)} onOpen={show} onInvite={() => setOpen('invite')} />}
      {open === 'invite' && (
        <InviteDialog
          chatId={chatId && chatSignal(chatId)?.value.kind === 'group' ? chatId : null}
          onClose={() => setOpen(null)}
        />
      )}
      {open === 'members' && chatId && (
        <Members
          chatId={chatId}
          onClose={() => setOpen(null)}
          onInvite={() => setOpen('invite')}
          onLeft={() => {
            setOpen(null);
            home();
          }}
        />
      )}
    </div>
  );
}

/** Somebody signed in opened an invite: they come in. */
function useInvite(code: string, show: (id: number) => void): void {
  useEffect(() => {
    if (!code) return;
    acceptInvite(code).then(show, (error: Problem) => {
      toast(error.status ? error.message : t().noNetwork);
      go('/', true);
    });
  }, [code, show]);
}

/** Alt and arrows go from chat to chat; a question mark opens the keys. */
function useKeys(chatId: number | null, show: (id: number) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === '?' && !isEditable(event.target)) go('/settings');
      const step = event.altKey && !event.shiftKey ? { ArrowUp: -1, ArrowDown: 1 }[event.code] : undefined;
      if (!step) return;
      const ids = chatIds.value;
      const next = ids[Math.max(0, Math.min(ids.length - 1, (chatId ? ids.indexOf(chatId) : -1) + step))];
      if (next) show(next);
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [chatId, show]);
}

function useTitle(): void {
  const unread = phase.value === 'in' ? unreadTotal.value : 0;
  const name = server.value?.name ?? t().appName;
  useEffect(() => {
    document.title = unread ? `(${unread}) ${name}` : name;
  }, [unread, name]);
}
