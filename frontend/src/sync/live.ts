/** The life of a signed-in page: greets, routes frames, keeps the image, comes back. */
import type { EventFrame, ServerFrame, Told } from '../api/types';
import { lang } from '../i18n';
import { allChats, chat, chatIds, setTyping } from '../store/chats';
import { drafts } from '../store/drafts';
import { windowOf } from '../store/messages';
import { connection, me, myId, phase } from '../store/session';
import { computed, effect } from '../store/signal';
import { putPresence, users } from '../store/users';
import { keepDraft, keepImage } from './cache';
import { type Cursors, Engine, sealed } from './engine';
import { noteEvent, noteUse, windowsToKeep } from './images';
import { abandon, answered, ask } from './line/frames';
import * as poll from './line/poll';
import * as socket from './line/socket';
import * as tabs from './line/tabs';
import { accessToken, dropToken, onToken, renew, tokenLeft } from './line/token';
import { sendMarks } from './marks';
import { restore, retryAll } from './outbox';
import { hurryReload, isReloading, reload, reloaded } from './reload';

const KEEP_MS = 1000;
const TYPING_MS = 6000;
const RENEW_BEFORE_MS = 60_000;
/** So many sockets that were lost before a greeting: perhaps somebody on the way lets none through. */
const POLL_AFTER = 3;
/** The server pings every 25 s: after so long without a word an open socket is doubtful. */
const QUIET_MS = 30_000;

export const engine = new Engine({
  resume: (cursors) => {
    if (tabs.isOpen()) void ask('resume', cursors).catch(() => {});
    else engine.resync(Object.keys(cursors.streams), 'hole');
  },
  reload: (topics, reason) => void reload(engine, topics, reason).then(keepSoon),
  taken,
  moved: () => keepSoon(),
});

function taken(event: EventFrame): void {
  noteEvent(event);
  if (event.type !== 'chat.joined') return;
  // Who comes back was told nothing of the chat meanwhile.
  const { id } = event.data.chat;
  if (windowOf(id).value) void reload(engine, [`chat:${id}`], 'joined');
}

let keeping: ReturnType<typeof setTimeout> | undefined;
let slow: ReturnType<typeof setTimeout> | undefined;
let ungreeted = 0;
/** Cursors that did not fit into the `hello` under way. */
let beyondHello: Cursors[] = [];
/** Whether that `hello` could not name streams that were being loaded anew: their snapshots may be older than the line. */
let helloLacks = false;
let signedOut: () => void = () => {};

/** Begin to live; `onSignedOut` is called when the session turns out to be over. */
export function start(onSignedOut: () => void): void {
  signedOut = onSignedOut;
  connecting();
  tabs.join();
}

export function stop(): void {
  tabs.resign();
  abandon();
  clearTimeout(keeping);
  keeping = undefined;
}

tabs.onLead((leading) => {
  abandon();
  if (leading) {
    connecting();
    socket.connect();
    if (phase.value === 'in') void restore();
  } else {
    socket.disconnect();
    poll.stop();
  }
});

/** The leading tab tells how its line is. */
function tellLine(): void {
  if (!tabs.leads()) return;
  tabs.shareLine({ isOpen: tabs.isOpen(), isPolling: poll.isPolling(), connection: connection.value });
}

tabs.onLine(async ({ isOpen, isPolling, connection: now }) => {
  if (!isOpen) abandon();
  if (now === 'online') connected();
  else if (now === 'connecting') connecting();
  else connection.value = now;
  // What the leader took before this tab heard it.
  if (isOpen) await resumeAll();
  else if (isPolling) await reload(engine, [`user:${myId()}`], 'polling');
});

socket.onOpen(async () => {
  if (tokenLeft() < RENEW_BEFORE_MS && !(await renewed())) return;
  const [first, ...rest] = engine.portions();
  beyondHello = rest;
  helloLacks = isReloading();
  socket.tell({
    type: 'hello',
    ref: 'hello',
    data: { token: accessToken() ?? undefined, language: lang.value, ...first },
  });
});

/** Ask for what was missed, one portion after the other. */
async function resume(portions: Cursors[]): Promise<void> {
  try {
    for (const portion of portions) await ask('resume', portion);
  } catch {
    // Whoever comes back to the line asks again.
  }
}

/** Ask for what was missed as soon as every stream has a place: one that is being loaded anew has none until then. */
async function resumeAll(): Promise<void> {
  await reloaded();
  await resume(engine.portions());
}

socket.onClose((code) => {
  abandon();
  tellLine();
  ungreeted += 1;
  if (phase.value === 'in' && !poll.isPolling()) connecting();
  if (phase.value === 'in' && ungreeted >= POLL_AFTER) poll.start(polled);
  if (code === socket.REVOKED) signedOut();
  if (code === socket.UNAUTHENTICATED) dropToken();
});

/** A valid token before anything else; without a session the page signs out. */
async function renewed(): Promise<boolean> {
  try {
    if (await renew()) return true;
    signedOut();
  } catch {
    socket.disconnect();
    setTimeout(() => phase.value === 'in' && tabs.leads() && socket.connect(), 2000);
  }
  return false;
}

const routes: { [T in keyof Told]?: (data: Told[T]) => void } = {
  ready: ({ epoch, streams, seals }) => {
    ungreeted = 0;
    poll.stop();
    socket.settled();
    connected();
    tellLine();
    if (!engine.cursors().epoch) {
      const named = Object.entries(streams).map(([topic, ev]) => [topic, sealed(ev, seals[topic])] as const);
      engine.start({ epoch, streams: Object.fromEntries(named) });
    }
    if (helloLacks) void resumeAll();
  },
  resumed: () => {
    void resume(beyondHello.splice(0));
    tellWaiting();
  },
  resync: ({ topics, reason }) => engine.resync(topics, reason),
  auth_expiring: () => void renewed(),
  typing: ({ chat_id, user_id }) => {
    setTyping(chat_id, user_id, Date.now() + TYPING_MS);
    setTimeout(() => expire(chat_id, user_id), TYPING_MS + 50);
  },
  presence: (state) => putPresence([state]),
};

/** What only the tab with the socket minds. */
const own = new Set(['ready', 'auth_expiring', 'ping']);

socket.onFrame((frame: ServerFrame) => {
  if (!own.has(frame.type)) tabs.share({ what: 'down', frame });
  route(frame);
});
tabs.onDown(route);

function route(frame: ServerFrame): void {
  if (frame.type === 'ack' || frame.type === 'error') answered(frame);
  else if (frame.type === 'batch' || frame.ev !== undefined) engine.receive(frame);
  else routes[frame.type as keyof Told]?.(frame.data as never);
}

/** The line is there: what waited for it goes out. */
function tellWaiting(): void {
  hurryReload();
  retryAll();
  void sendMarks();
}

onToken((token) => {
  if (tabs.leads() && socket.isOpen()) void ask('auth', { token }).catch(() => {});
});

/** What the polling does to the page; the socket is tried on, and takes over when it gets through. */
const polled = {
  begin: async () => {
    await reload(engine, [`user:${myId()}`], 'polling');
    tellLine();
    tellWaiting();
  },
  alive: () => connected(),
  failed: () => connecting(),
  event: (event: EventFrame) => {
    tabs.share({ what: 'down', frame: event });
    engine.receive(event);
  },
  resync: (topics: string[]) => {
    // With the user's own stream all of them: history may have been rewound, and no kept image is sure.
    const reason = topics.includes(`user:${myId()}`) ? 'epoch' : 'polling';
    tabs.share({ what: 'down', frame: { type: 'resync', data: { topics, reason } } as ServerFrame });
    engine.resync(topics, reason);
  },
  ended: () => signedOut(),
};

function expire(chatId: number, userId: number): void {
  setTyping(chatId, userId, 0);
}

function connected(): void {
  clearTimeout(slow);
  slow = undefined;
  if (connection.value === 'online') return;
  connection.value = 'online';
  tellLine();
  tellWaiting();
}

/** Only a connection that stays away is worth a word. */
function connecting(): void {
  if (connection.value === 'offline') return;
  slow ??= setTimeout(() => {
    connection.value = navigator.onLine ? 'connecting' : 'offline';
    tellLine();
  }, 2000);
}

/** Keep the image a moment after a change, or when the page is left before. */
function keepSoon(): void {
  keeping ??= setTimeout(keep, KEEP_MS);
}

export function keep(): void {
  clearTimeout(keeping);
  keeping = undefined;
  const mine = me.value;
  if (!mine || phase.value !== 'in') return;
  if (isReloading()) {
    keepSoon();
    return;
  }
  const windows = windowsToKeep(engine.position);
  const image = { me: mine, chats: allChats(), users: [...users.value.values()], cursors: engine.cursors() };
  void keepImage(image, windows);
}

export const touch = (chatId: number): void => {
  noteUse(chatId);
  keepSoon();
};

let known = drafts.value;
effect(() => {
  const next = drafts.value;
  for (const id of new Set([...known.keys(), ...next.keys()]))
    if (known.get(id) !== next.get(id)) void keepDraft(id, next.get(id));
  known = next;
});

/** The direct chats near the top of the list: whose presence is shown. As text: another order is no other question. */
const peers = computed(() => {
  const ids = chatIds.value.slice(0, 200).flatMap((id) => chat(id)?.peer?.id ?? []);
  return ids.sort((a, b) => a - b).join();
});
effect(() => {
  if (connection.value !== 'online' || phase.value !== 'in') return;
  const ids = peers.value ? peers.value.split(',').map(Number) : [];
  void ask('presence.watch', { user_ids: ids })
    .then(({ items }) => putPresence(items))
    .catch(() => {});
});

/** Looked at again, or back on the network: try at once; an open socket that is in doubt has to answer. */
function back(isInDoubt: boolean): void {
  poll.hurry();
  if (!tabs.leads()) return;
  if (!socket.isOpen()) socket.hurry();
  else if (isInDoubt || socket.quietMs() > QUIET_MS) {
    socket.prove();
    void resume(engine.portions()).then(() => socket.isOpen() && connected());
  }
}

// Only the leading tab knows how the line is; the others hear it from there.
addEventListener('online', () => {
  if (tabs.leads() && connection.value === 'offline') connection.value = 'connecting';
  back(true);
});
addEventListener('offline', () => {
  if (phase.value !== 'in' || !tabs.leads()) return;
  connection.value = 'offline';
  tellLine();
});
tabs.onNudge(() => back(false));
addEventListener('pageshow', () => back(false));
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') back(false);
  else if (keeping) keep();
});
