/** A burst of events reaches the screen once a frame, in order, and none waits for a page that draws nothing. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { MessageTold, ServerFrame } from '../../api/types';
import { windowOf } from '../../store/messages';
import { effect } from '../../store/signal';
import { engine } from '../streams';
import { release, take } from './gathering';

let frames: (() => void)[] = [];
let drawn: number[] = [];
let stop = (): void => {};

const said = (seq: number): ServerFrame => ({
  type: 'message.created',
  topic: 'chat:7',
  ev: seq,
  at: '',
  data: { chat_id: 7, seq, rev: 1, kind: 'text', sender_id: 2, text: '', sent_at: '' } as MessageTold,
});
const draw = (): void => {
  for (const run of frames.splice(0)) run();
};
const look = (visibilityState: string): void => {
  vi.stubGlobal('document', { documentElement: { lang: 'en' }, visibilityState });
};

beforeEach(() => {
  frames = [];
  vi.useFakeTimers();
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => frames.push(run));
  vi.stubGlobal('cancelAnimationFrame', () => {});
  look('visible');
  engine.start({ epoch: 1, streams: { 'chat:7': 0 } });
  windowOf(7).value = { items: [], hasBefore: false, hasAfter: false };
  drawn = [];
  stop = effect(() => void drawn.push(windowOf(7).value?.items.length ?? 0));
});

afterEach(() => {
  stop();
  draw();
  draw();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('draws the first event at once, and a burst with each frame', () => {
  for (let seq = 1; seq <= 9; seq += 1) take(said(seq));
  expect(drawn).toEqual([0, 1]);
  draw();
  expect(drawn).toEqual([0, 1, 9]);
  take(said(10));
  take({ type: 'batch', frames: [said(11), said(12)] } as ServerFrame);
  expect(drawn).toEqual([0, 1, 9]);
  draw();
  expect(drawn).toEqual([0, 1, 9, 12]);
  draw();
  take(said(13));
  expect(drawn).toEqual([0, 1, 9, 12, 13]);
});

it('applies what waits before a frame that refers to it', () => {
  for (let seq = 1; seq <= 3; seq += 1) take(said(seq));
  release();
  expect(drawn).toEqual([0, 1, 3]);
  take(said(4));
  draw();
  expect(drawn).toEqual([0, 1, 3, 4]);
});

it('does not wait for a hidden page, nor long for one that was hidden meanwhile', () => {
  take(said(1));
  take(said(2));
  vi.advanceTimersByTime(100);
  expect(drawn).toEqual([0, 1, 2]);
  vi.advanceTimersByTime(200);
  look('hidden');
  take(said(3));
  take(said(4));
  expect(drawn).toEqual([0, 1, 2, 3, 4]);
});
