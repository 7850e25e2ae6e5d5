/** The columns of the page, and the screen in each. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Context } from '../acts/act';
import { keyOf } from '../acts/all';
import { titleOf } from '../content/names/names';
import type { Open, Thing } from '../content/things';
import { elsewhere } from '../content/voice/aside';
import { ChatList } from '../features/chat-list/ChatList';
import { Conversation } from '../features/conversation/Conversation';
import { t } from '../i18n';
import { putAside } from '../store/aside';
import { chatSignal } from '../store/chats';
import { allIds } from '../store/mine/list';
import { phase } from '../store/session';
import { computed } from '../store/signal';
import { acceptInvite, type Problem } from '../sync';
import { Button } from '../ui/Button';
import { Empty } from '../ui/Empty';
import { Toasts, told } from '../ui/Toast';
import css from './App.module.css';
import { Booting } from './Booting';
import { Connection } from './Connection';
import { useClock } from './clock';
import { type Dialogue, isDialogue, typed } from './dialogs';
import { useKeys } from './keys';
import { useArrival } from './opened/arrival';
import { preload } from './opened/loaded';
import { OpenDialog } from './opened/OpenDialog';
import { Panel } from './opened/Panel';
import { SignedOutScreen } from './opened/SignedOutScreen';
import { useFirstFocus } from './place/focus';
import { MissingChat, Nowhere } from './place/Nowhere';
import { noteVisit } from './ranking';
import { closePanel, go, goHome, goToChat, openPanel, type Route, route } from './routes';
import { SettingsScreen } from './SettingsScreen';
import { useTitle } from './title';
import { useUndo } from './undo';
import { takeNew, waiting } from './version';
import { useViewport } from './viewport';

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
  const { screen } = route.value;
  useFirstFocus();
  if (screen === 'verify' || screen === 'reset') return <SignedOutScreen />;
  if (phase.value === 'booting') return <Booting />;
  return phase.value === 'in' ? <Columns /> : <SignedOutScreen />;
}

function Columns() {
  const at = route.value;
  const chatId = at.screen === 'chat' ? at.chatId : null;
  const { dialog, open, close } = useOpen(chatId);
  const context = useMemo<Context>(() => ({ chatId, messages: [], open }), [chatId, open]);
  useInvite(at.screen === 'invite' ? at.code : '', open);
  useKeys(context);
  useFocusBack(chatId);
  useUndo();
  useVisit(at);
  useArrival(open);
  const panel = at.screen === 'chat' && chatSignal(at.chatId) ? at.panel : null;
  return (
    <div
      class={css.columns}
      data-side={at.screen === 'home' || at.screen === 'invite' ? 'list' : 'main'}
      data-panel={panel ?? undefined}
    >
      <div class={css.side}>
        <ChatList
          current={chatId}
          // Only one notice on the page: the conversation shows it if one is open.
          status={chatId ? null : <Status chatId={null} open={open} />}
          context={context}
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
      {at.screen === 'chat' && panel && chatId && (
        <Panel
          key={`${panel} ${chatId}`}
          name={panel}
          chatId={chatId}
          context={context}
          tab={at.tab}
          onClose={closePanel}
        />
      )}
      {dialog && <OpenDialog key={dialog.kind} thing={dialog} context={context} onClose={close} />}
    </div>
  );
}

/** Returns the open dialog and the function that opens things by name; another chat closes the dialog. */
function useOpen(chatId: number | null): { dialog: Dialogue | null; open: Open; close: () => void } {
  const [dialog, setDialog] = useState<Dialogue | null>(null);
  const close = useCallback(() => setDialog(null), []);
  const open = useCallback((thing: Thing) => {
    if ('message' in thing) putAside(thing.message);
    setDialog(isDialogue(thing) ? thing : null);
    if (thing.kind === 'chat') goToChat(thing.chatId, thing.seq);
    else if (thing.kind === 'info') openPanel(thing.chatId, 'info');
    else if (thing.kind === 'gallery') openPanel(thing.chatId, 'gallery', thing.tab);
    else if (thing.kind === 'settings') go('/settings');
    else if (thing.kind === 'keys') go('/settings/keys');
    else if (thing.kind === 'home') goHome();
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another chat is the reason, nothing of it is read
  useEffect(() => close, [chatId, close]);
  useEffect(() => void Promise.all(typed.map(preload)).catch(() => {}), []);
  return { dialog, open, close };
}

function Main({ at, open }: { at: Route; open: Open }) {
  const chatId = at.screen === 'chat' ? at.chatId : 0;
  // Each message changes its chat, seldom the title: only then the conversation is drawn anew.
  const { value: title } = useMemo(() => computed(() => shownTitle(chatId)), [chatId]);
  if (at.screen === 'settings') return <SettingsScreen section={at.section} />;
  if (at.screen === 'nowhere') return <Nowhere />;
  if (at.screen === 'chat') {
    if (title === null) return <MissingChat key={at.chatId} chatId={at.chatId} />;
    return (
      <Conversation
        key={at.chatId}
        chatId={at.chatId}
        title={title}
        target={at.seq}
        visit={at.visit}
        status={<Status chatId={chatId} open={open} />}
        onBack={at.panel ? closePanel : goHome}
        open={open}
      />
    );
  }
  return (
    <main class={css.nothing}>
      {/* Without chats the list says what to do. */}
      {allIds.value.length > 0 && (
        <Empty title={t().chooseChat} hint={t().chooseChatHint(keyOf('find'), keyOf('palette'))} />
      )}
    </main>
  );
}

/** Draws what is wrong with the connection, and what plays in another chat. */
function Status(props: { chatId: number | null; open: Open }) {
  return (
    <>
      <Connection />
      {elsewhere.value && <elsewhere.value {...props} />}
    </>
  );
}

/** Returns the title of an open chat; `null` for one that is not in my list, as after a removal: it closes. */
const shownTitle = (chatId: number): string | null => (chatSignal(chatId) ? titleOf(chatId) : null);

/** Leads a signed-in person from the sign-in screens to the chats; remembers an opened chat. */
function useVisit(at: Route): void {
  useEffect(() => {
    if (at.screen === 'setup' || at.screen === 'forgot') go('/', true);
    if (at.screen === 'chat') noteVisit(at.chatId);
  }, [at]);
}

/** Accepts the invite of a link that a signed-in person opened. */
function useInvite(code: string, open: Open): void {
  useEffect(() => {
    if (!code) return;
    acceptInvite(code).then(
      (chatId) => open({ kind: 'chat', chatId }),
      (error: Problem) => {
        told(error);
        go('/', true);
      },
    );
  }, [code, open]);
}

/** Focuses the row of a chat that was just closed. */
function useFocusBack(chatId: number | null): void {
  const before = useRef(chatId);
  useEffect(() => {
    if (!chatId && before.current && document.activeElement === document.body)
      document.querySelector<HTMLElement>(`nav a[href="/chat/${before.current}"]`)?.focus();
    before.current = chatId;
  }, [chatId]);
}
