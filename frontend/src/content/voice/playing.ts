/** The one sound of the page: it goes on while its message is out of sight, and stops when another tab plays. */
import type { MessageView } from '../../api/types';
import { t } from '../../i18n/screens/player';
import { betweenTabs, keepSetting, readSetting } from '../../lib/browser';
import { playAlone } from '../../lib/media/alone';
import { findMessage, messagesOf } from '../../store/messages';
import { isHeard } from '../../store/mine/voice';
import { myId, phase } from '../../store/session';
import { effect, signal } from '../../store/signal';
import { listened } from '../../sync/voice/listening';
import { voiceOf } from '../file/files';
import { closeOwn } from '../file/own';
import { fullName } from '../names/names';
/** A recording that can be played. */
export interface Track {
  /** Names it, sent or not. */
  key: string;
  address: string;
  /** Its length, ms; 0: not known. */
  length: number;
  /** Its message, unless it is not sent yet. */
  chatId: number;
  seq: number;
}

export type State = 'paused' | 'loading' | 'playing' | 'gone' | 'offline' | 'failed';

const SPEEDS = [1, 1.5, 2];
const SETTING = 'voice-speed';

export const current = signal<Track | null>(null);
export const state = signal<State>('paused');
/** Where the sound is, ms. */
export const at = signal(0);
export const length = signal(0);
/** Where sounds that are not playing were left, ms. */
export const left = signal<ReadonlyMap<string, number>>(new Map());
export const speed = signal(1);

let made: { sound: HTMLAudioElement; tabs: BroadcastChannel | undefined } | undefined;

/** Returns the sound, which is made with the first track. */
const player = (): NonNullable<typeof made> => (made ??= make());

export const isPlaying = (): boolean => state.value === 'playing' || state.value === 'loading';

/** Plays a track from where it was left, or pauses it. */
export function toggle(track: Track): void {
  // Its bytes are still being read.
  if (!track.address) return;
  if (current.value?.key !== track.key) start(track);
  else if (isPlaying()) player().sound.pause();
  else if (state.value === 'paused') void resume();
  else start(track);
}

/** Moves to a place of a track; one that does not play begins there later. */
export function seek({ key }: Track, ms: number): void {
  if (current.value?.key !== key) leaveAt(key, ms);
  else {
    player().sound.currentTime = ms / 1000;
    at.value = ms;
  }
}

/** Takes the next speed, and keeps it for all sounds. */
export function faster(): void {
  speed.value = SPEEDS[(SPEEDS.indexOf(speed.value) + 1) % SPEEDS.length] ?? 1;
  keepSetting(SETTING, String(speed.value));
  const { sound } = player();
  sound.playbackRate = sound.defaultPlaybackRate = speed.value;
}

/** Ends the sound; it is left where it is. */
export function stop(): void {
  leave();
  const { sound } = player();
  sound.pause();
  sound.removeAttribute('src');
  current.value = null;
  state.value = 'paused';
  if ('mediaSession' in navigator) navigator.mediaSession.metadata = null;
}

/** Ends the sound of a key, which begins anew later. */
export function end(key: string): void {
  if (current.value?.key === key) stop();
  leaveAt(key, 0);
}

/** Pauses what plays. */
export function hush(): void {
  if (isPlaying()) player().sound.pause();
}

function leaveAt(key: string, ms: number): void {
  left.value = new Map(left.value).set(key, ms);
}

function leave(): void {
  const track = current.value;
  if (!track) return;
  leaveAt(track.key, at.value);
  // A recording of this browser; once its message is sent, the server's is played.
  if (track.address.startsWith('blob:') && track.seq === 0) closeOwn(track.key, 0);
}

function start(track: Track): void {
  const from = left.value.get(track.key) ?? 0;
  if (current.value?.key !== track.key) leave();
  const { sound } = player();
  current.value = track;
  at.value = from;
  length.value = track.length;
  sound.src = track.address;
  sound.currentTime = from / 1000;
  sound.playbackRate = sound.defaultPlaybackRate = speed.value;
  show(track);
  void resume();
}

async function resume(): Promise<void> {
  const track = current.value;
  const { sound, tabs } = player();
  state.value = 'loading';
  tabs?.postMessage('plays');
  const message = track && findMessage(track.chatId, track.seq);
  if (message) listened(message);
  try {
    await sound.play();
  } catch (error) {
    // A refusal of the browser is no failure of the sound, and a later sound has ended this one.
    const { name } = error as DOMException;
    if (current.value === track && name === 'NotAllowedError') state.value = 'paused';
  }
}

const isNewToMe = (message: MessageView): boolean =>
  message.sender_id !== myId() && !message.deleted_at && !isHeard(message);

/** Goes on to the next message with a recording of another person that I have not listened to. */
function next({ chatId, seq }: Track): void {
  const message = messagesOf(chatId).find((one) => one.seq > seq && voiceOf(one) && isNewToMe(one));
  const track = seq && message && trackOf(message);
  if (track) start(track);
  else stop();
}

/** Returns the track of a sent message. */
export function trackOf(message: MessageView): Track | undefined {
  const voice = voiceOf(message);
  if (!voice) return undefined;
  const play = voice.variants?.some(({ v }) => v === 'play') ? 'play' : 'o';
  return {
    key: message.client_msg_id ?? `${message.chat_id}/${message.seq}`,
    address: `/api/files/${voice.id}/${play}`,
    length: voice.duration_ms ?? 0,
    chatId: message.chat_id,
    seq: message.seq,
  };
}

/** Finds out why a sound cannot be loaded. */
async function fail(): Promise<void> {
  const track = current.value;
  if (!track || !player().sound.getAttribute('src')) return;
  const answer = track.address.startsWith('blob:')
    ? null
    : await fetch(track.address, { method: 'HEAD' }).catch(() => undefined);
  if (current.value !== track) return;
  const isGone = answer?.status === 404 || answer?.status === 410;
  leaveAt(track.key, at.value);
  state.value = answer === undefined ? 'offline' : isGone ? 'gone' : 'failed';
}

/** Shows on the screen of the system what plays. */
function show({ chatId, seq }: Track): void {
  if (!('mediaSession' in navigator)) return;
  const from = findMessage(chatId, seq)?.sender_id;
  navigator.mediaSession.metadata = new MediaMetadata({ title: t().playNow, artist: from ? fullName(from) : '' });
}

function make(): NonNullable<typeof made> {
  const sound = new Audio();
  const tabs = betweenTabs('voice');
  speed.value = SPEEDS.find((one) => String(one) === readSetting(SETTING)) ?? 1;
  sound.addEventListener('playing', () => {
    playAlone(sound);
    state.value = 'playing';
  });
  sound.addEventListener('pause', () => {
    if (isPlaying()) state.value = 'paused';
  });
  sound.addEventListener('timeupdate', () => {
    if (current.value) at.value = sound.currentTime * 1000;
  });
  sound.addEventListener('durationchange', () => {
    if (!current.value?.length && Number.isFinite(sound.duration)) length.value = sound.duration * 1000;
  });
  sound.addEventListener('ended', () => {
    const track = current.value;
    at.value = 0;
    if (track) next(track);
  });
  sound.addEventListener('error', () => void fail());
  tabs?.addEventListener('message', () => sound.pause());
  if ('mediaSession' in navigator) {
    navigator.mediaSession.setActionHandler('play', () => void resume());
    navigator.mediaSession.setActionHandler('pause', () => sound.pause());
  }
  effect(() => {
    const track = current.value;
    const isGone = track && findMessage(track.chatId, track.seq)?.deleted_at;
    if (track && (isGone || phase.value === 'out')) stop();
  });
  return { sound, tabs };
}
