/** One recording: the microphone, its level, and the parts that are kept as they come. */
import { uuid } from '../../../lib/browser';
import { noteRecorded } from '../../../store/mine/voice';
import { myId, server } from '../../../store/session';
import { signal } from '../../../store/signal';
import { onLeave, typingIn } from '../../../sync';
import {
  awaiting,
  dropLoose,
  dropRecorded,
  joined,
  keepPart,
  keepRecorded,
  lockOf,
  type Part,
  type Place,
  type Recorded,
} from '../../../sync/voice/keeping';

/**
 * What plays everywhere first; the server makes AAC of all of them. Chromium gives out an MP4 half a second later than
 * a WebM, and its first part has no sound.
 */
const TYPES = ['audio/mp4;codecs=mp4a.40.2', 'audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg'];
const BITS = 64_000;
/** The length of a part, and so what a crash may cost, ms. */
const PART_MS = 1000;
/** The time between two looks at the level, ms. */
const LEVEL_MS = 100;
/** A recorder may write a little more than it was asked for, ms. */
const SPARE_MS = 1000;

export type Phase = 'asking' | 'refused' | 'recording' | 'paused' | 'done';
/** Why the recorder could not begin, or has ended by itself. */
export type Reason = 'denied' | 'missing' | 'busy' | 'insecure' | 'unable' | 'lost' | 'limit';

const REASONS: Readonly<Record<string, Reason>> = {
  NotAllowedError: 'denied',
  NotFoundError: 'missing',
  NotReadableError: 'busy',
};

/** Returns the longest recording, ms. */
export const longest = (): number => (server.value?.limits.voice_max_s ?? 900) * 1000;

export class Recording implements Place {
  readonly id = uuid();
  readonly account = myId();
  readonly phase = signal<Phase>('asking');
  readonly reason = signal<Reason | null>(null);
  /** How long it is, ms. */
  readonly ms = signal(0);
  /** The number of its parts. */
  readonly count = signal(0);
  /** Whether the browser has no room for it: only this page has it. */
  readonly isLoose = signal(false);
  /** How loud it is, in tenths of a second. */
  readonly heights: number[] = [];
  private readonly parts: Part[] = [];
  private recorder: MediaRecorder | undefined;
  private before = 0;
  private since = 0;
  private isDropped = false;
  private hasLeft = false;
  private release = (): void => undefined;
  private closings: (() => void)[] = [];
  private writing: Promise<unknown> = Promise.resolve();

  constructor(readonly chatId: number) {}

  /** Asks for the microphone, and records. */
  async begin(): Promise<void> {
    this.phase.value = 'asking';
    this.reason.value = null;
    try {
      // Browsers have it only on pages that came over a secure connection.
      if (!navigator.mediaDevices) this.refuse('insecure');
      else this.record(await navigator.mediaDevices.getUserMedia({ audio: true }));
    } catch (error) {
      const { name } = error as DOMException;
      this.refuse(REASONS[name] ?? 'unable');
    }
  }

  private refuse(reason: Reason): void {
    this.reason.value = reason;
    this.phase.value = 'refused';
  }

  private record(stream: MediaStream): void {
    this.closings.push(() => {
      for (const track of stream.getTracks()) track.stop();
    });
    if (this.hasLeft) {
      this.close();
      return;
    }
    const mimeType = TYPES.find((one) => MediaRecorder.isTypeSupported(one));
    const recorder = new MediaRecorder(stream, { ...(mimeType && { mimeType }), audioBitsPerSecond: BITS });
    this.recorder = recorder;
    recorder.addEventListener('dataavailable', ({ data }) => this.take(data));
    recorder.addEventListener('stop', () => this.ended());
    for (const track of stream.getTracks()) {
      track.addEventListener('ended', () => this.lose());
      // A call takes the microphone away, and gives it back later.
      track.addEventListener('mute', () => this.pause());
    }
    void navigator.locks?.request(
      lockOf(this.id),
      () =>
        new Promise<void>((resolve) => {
          this.release = resolve;
        }),
    );
    this.follow(stream);
    recorder.start(PART_MS);
    this.since = performance.now();
    this.phase.value = 'recording';
  }

  /** Follows the level, the length and the page. */
  private follow(stream: MediaStream): void {
    const level = levelOf(stream);
    const timer = setInterval(() => this.look(level.now()), LEVEL_MS);
    const onHide = (): void => void this.stop();
    const onVisible = (): void => {
      // A phone may end a page that is out of sight.
      if (document.hidden && this.recorder?.state === 'recording') this.recorder.requestData();
    };
    addEventListener('pagehide', onHide);
    document.addEventListener('visibilitychange', onVisible);
    const heard = onLeave((isOwn) => {
      // Signing out deletes what was not sent.
      if (isOwn) this.isDropped = true;
      if (isOwn) dropLoose();
    });
    this.closings.push(
      () => clearInterval(timer),
      level.close,
      () => removeEventListener('pagehide', onHide),
      () => document.removeEventListener('visibilitychange', onVisible),
      heard,
    );
  }

  private look(height: number): void {
    if (this.phase.value !== 'recording') return;
    const now = this.now();
    while (this.heights.length < now / LEVEL_MS) this.heights.push(height);
    this.ms.value = now;
    typingIn(this.chatId, 'recording');
    if (now < longest() - SPARE_MS) return;
    this.reason.value = 'limit';
    void this.stop();
  }

  private now(): number {
    if (this.recorder?.state === 'recording') return this.before + performance.now() - this.since;
    // Where it stopped by itself, the last look says when.
    return Math.max(this.before, this.ms.value);
  }

  private take(bytes: Blob): void {
    if (!bytes.size || this.isDropped) return;
    const from = this.parts.reduce((sum, { heights }) => sum + heights.length, 0);
    const part = { bytes, until: this.now(), heights: this.heights.slice(from) };
    const n = this.parts.push(part) - 1;
    this.count.value = n + 1;
    noteRecorded(this.chatId, true);
    this.writing = this.writing.then(async () => {
      // What comes after a lost part cannot be read.
      if (this.isDropped || this.isLoose.value) return;
      if (!(await keepPart(this, n, part))) this.isLoose.value = true;
    });
  }

  /** Pauses; what was recorded until now can be listened to. */
  pause(): void {
    if (this.recorder?.state !== 'recording') return;
    this.recorder.requestData();
    this.before = this.now();
    this.recorder.pause();
    this.ms.value = this.before;
    this.phase.value = 'paused';
  }

  /** Goes on after a pause. */
  resume(): void {
    if (this.recorder?.state !== 'paused') return;
    this.recorder.resume();
    this.since = performance.now();
    this.phase.value = 'recording';
  }

  private lose(): void {
    this.reason.value = 'lost';
    void this.stop();
  }

  /** Ends the recording; its last part has come when the promise resolves. */
  async stop(): Promise<void> {
    const { recorder } = this;
    if (!recorder || this.phase.value === 'done') return;
    const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve, { once: true }));
    this.before = this.now();
    // It has stopped by itself when its microphone is gone; the event comes later.
    if (recorder.state !== 'inactive') recorder.stop();
    await stopped;
  }

  private ended(): void {
    this.ms.value = this.now();
    this.phase.value = 'done';
    this.close();
  }

  private close(): void {
    for (const one of this.closings.splice(0)) one();
  }

  /** Returns what was recorded until now. */
  recorded(): Recorded {
    const { account, chatId, id } = this;
    return { account, chatId, id, ...joined(this.parts) };
  }

  /** Deletes the recording; returns a function that brings it back. */
  async drop(): Promise<() => void> {
    await this.stop();
    const recorded = this.recorded();
    this.isDropped = true;
    await this.writing;
    await dropRecorded(this);
    return () => void (recorded.bytes.size && keepRecorded(recorded));
  }

  /** Leaves the recording, as when another chat is opened: what was not sent is kept. */
  leave(): void {
    this.hasLeft = true;
    const leaving = async (): Promise<void> => {
      await this.stop();
      this.close();
      await this.writing;
      if (this.isLoose.value && !this.isDropped) await keepRecorded(this.recorded());
      this.release();
      // The lock is free a moment later.
      await navigator.locks?.request(lockOf(this.id), () => undefined);
    };
    awaiting(leaving());
  }

  /** Notes that the recording is in a message now. */
  sent(): void {
    this.isDropped = true;
  }
}

interface Level {
  /** Returns the highest level since the last look, 0 to 255. */
  now: () => number;
  close: () => void;
}

/** Returns the level of a microphone; a browser without one records all the same. */
function levelOf(stream: MediaStream): Level {
  try {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    const wave = new Uint8Array(analyser.fftSize);
    context.createMediaStreamSource(stream).connect(analyser);
    const now = (): number => {
      analyser.getByteTimeDomainData(wave);
      return Math.min(255, 2 * wave.reduce((most, one) => Math.max(most, Math.abs(one - 128)), 0));
    };
    return { now, close: () => void context.close() };
  } catch {
    return { now: () => 0, close: () => undefined };
  }
}
