/** Verbs of a person: boot, register, sign in and out, profile, sessions. */
import { request } from '../api/http';
import type { Problem } from '../api/problem';
import type { ServerInfo, Tokens } from '../api/types';
import { chooseLang, type Lang, lang } from '../i18n';
import { sleep } from '../lib/backoff';
import { betweenTabs, dropSettings, whenIdle } from '../lib/browser';
import { emitter } from '../lib/emitter';
import { putChats, replaceChats } from '../store/chats';
import { drafts } from '../store/drafts';
import { loadedChats } from '../store/messages';
import { edits } from '../store/mine/edits';
import { trays } from '../store/mine/tray';
import { countUnsent, unsent } from '../store/mine/unsent';
import { recorded } from '../store/mine/voice';
import { outbox, putItem } from '../store/outbox';
import { dropRanges } from '../store/ranges';
import { isEndedByOwner, isKept, me, myId, phase, server, sessionId, waitingWords } from '../store/session';
import { batch } from '../store/signal';
import { putUsers, users } from '../store/users';
import { claim, clearAll, clearCopies, readImage, readOutbox, readRecorded, readWords } from './cache';
import { evOf } from './engine';
import { letAllGo } from './files/bytes';
import { dropOlder } from './images';
import { dropToken, onOver, renew, takeTokens } from './line/token';
import * as live from './live';
import { keep } from './live/keeping';
import { loadChats, showKept } from './load';
import { flush, restore } from './outbox';
import { engine } from './streams';

export interface Registration {
  email: string;
  password: string;
  name: string;
  invite?: string;
  setup?: string;
  server_name?: string;
}

/** Older images are dropped when the page has nothing else to do, at the latest after so long. */
const TIDY_MS = 10_000;
/** The longest time that a session's end waits for delayed items. */
const FLUSH_MS = 2000;
/** The channel on which tabs learn that the session ended in one of them, and whether its owner ended it. */
let signOuts: BroadcastChannel | undefined;
/** The unsent words and files of accounts whose session ended, where the browser does not keep all of them. */
const unkept = new Map<number, ReturnType<typeof wordsNow>>();

/** The session ends, by its owner or not, before what the browser keeps is deleted. */
export const onLeave = emitter<boolean>();

/** Starts the listeners, once for the life of the page. */
export function start(): void {
  signOuts = betweenTabs('sign-out');
  signOuts?.addEventListener('message', ({ data }: MessageEvent<boolean>) => void leave(data));
  onOver(() => over(isEndedByOwner.value));
  live.start();
}

/** Starts the page: shows the kept image at once, with the chat that it opens, then loads the changes. */
export async function boot(chatId: number | null): Promise<void> {
  const image = await readImage();
  if (image) {
    batch(() => {
      me.value = image.me;
      putUsers(image.users);
      putChats(image.chats);
    });
    engine.start(image.cursors);
    await Promise.all([restoreLocal(image.me.id), chatId ? showKept(engine, chatId) : false]);
    phase.value = 'in';
    live.join();
    // Not before the first screen: this reads every kept window.
    const then = new Map(Object.entries(image.cursors.streams).map(([topic, at]) => [topic, evOf(at)]));
    whenIdle(() => void dropOlder((topic) => then.get(topic)), TIDY_MS);
    void loadServer().catch(() => {});
    return;
  }
  await loadServer();
  const tokens = await renew();
  if (tokens) {
    await enter(tokens);
    return;
  }
  waitingWords.value = (await areWordsKept()) ? 'kept' : 'none';
  phase.value = server.value?.needs_setup ? 'setup' : 'out';
}

/** Returns whether the browser keeps unsent words of the account whose session ended last. */
async function areWordsKept(): Promise<boolean> {
  const [words, items = []] = await Promise.all([readWords(), readOutbox()]);
  return words !== undefined && countUnsent({ ...words, items }) > 0;
}

async function loadServer(): Promise<void> {
  // The contract leaves this answer open.
  server.value = (await request('GET', '/server')) as unknown as ServerInfo;
}

const wordsNow = () => ({ drafts: drafts.value, edits: edits.value, items: outbox.value, trays: trays.value });

/** Says whether the browser keeps all that is unsent, also for a later page. */
const isAllKept = (): boolean =>
  isKept.value && trays.value.size === 0 && outbox.value.every(({ isLoose }) => !isLoose);

/** Shows what an account had written and not sent. */
async function restoreLocal(account: number): Promise<void> {
  // The storage answers in this order: what is read is this account's.
  const [claiming, reading, items, recordings] = [claim(account), readWords(), readOutbox(), readRecorded(account)];
  await claiming;
  const [kept, held, chats] = [await reading, unkept.get(account), await recordings];
  unkept.delete(account);
  batch(() => {
    drafts.value = held?.drafts ?? kept?.drafts ?? new Map();
    edits.value = held?.edits ?? kept?.edits ?? new Map();
    trays.value = held?.trays ?? new Map();
    recorded.value = chats;
    for (const item of held?.items ?? []) putItem(item);
  });
  await restore(items);
}

async function enter(tokens: Tokens): Promise<void> {
  me.value = tokens.user;
  putUsers([tokens.user]);
  await loadChats(engine, tokens.user.id);
  await restoreLocal(tokens.user.id);
  waitingWords.value = 'none';
  phase.value = 'in';
  keep();
  live.join();
}

export async function register(registration: Registration): Promise<void> {
  const body = { ...registration, language: lang.value, transport: 'cookie' as const };
  const tokens = await request('POST', '/auth/register', { body });
  takeTokens(tokens);
  await loadServer();
  await enter(tokens);
}

export async function signIn(email: string, password: string): Promise<void> {
  const tokens = await request('POST', '/auth/login', { body: { email, password, transport: 'cookie' } });
  takeTokens(tokens);
  await enter(tokens);
}

/** Ends this session and removes its data from the browser. */
export async function signOut(): Promise<void> {
  await Promise.race([flush(), sleep(FLUSH_MS)]);
  await request('POST', '/auth/logout').catch((error: Problem) => {
    if (error.status === 0) throw error;
  });
  over(true);
}

/** Ends the session in every tab; `isOwn`: its owner ended it, and unsent words are deleted with it. */
function over(isOwn: boolean): void {
  signOuts?.postMessage(isOwn);
  void leave(isOwn);
}

async function leave(isOwn: boolean): Promise<void> {
  live.leave();
  onLeave.emit(isOwn);
  dropToken();
  const left = isAllKept() ? 'kept' : 'loose';
  if (isOwn) letAllGo();
  else if (left === 'loose') unkept.set(myId(), wordsNow());
  await (isOwn ? clearAll() : clearCopies());
  if (isOwn) dropSettings();
  batch(() => {
    // A second report of the same end finds nothing left.
    if (isOwn) waitingWords.value = 'none';
    else if (unsent.value > 0) waitingWords.value = left;
    phase.value = 'out';
    me.value = null;
    sessionId.value = 0;
    replaceChats([]);
    outbox.value = [];
    drafts.value = new Map();
    edits.value = new Map();
    trays.value = new Map();
    recorded.value = new Set();
    users.value = new Map();
    for (const id of loadedChats()) dropRanges(id, null);
  });
  engine.start({ epoch: 0, streams: {} });
}

export async function updateProfile(change: { name?: string; language?: Lang }): Promise<void> {
  me.value = await request('PATCH', '/users/me', { body: change });
  putUsers([me.value]);
}

/** Sets the language of the interface here, and of e-mails to this person. */
export async function useLanguage(next: Lang): Promise<void> {
  await chooseLang(next);
  if (me.value) await updateProfile({ language: next });
}
