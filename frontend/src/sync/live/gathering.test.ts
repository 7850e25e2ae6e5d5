/** A burst of events reaches the screen once a frame, in order, and none waits for a page that draws nothing. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { MessageTold, ServerFrame } from '../../api/types';
import { windowOf } from '../../store/messages';
import { effect } from '../../store/signal';
import { engine } from '../streams';
import { release, sliceAfter, start, take } from './gathering';

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
  vi.restoreAllMocks();
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

const burst = (from: number, count: number): ServerFrame =>
  ({ type: 'batch', frames: Array.from({ length: count }, (_, n) => said(from + n)) }) as ServerFrame;

it('applies of many events what fits into a part of a frame, and the rest with the next frames', () => {
  let now = 0;
  // Twenty events take 5 ms.
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 5));
  take(burst(1, 100));
  expect(drawn).toEqual([0, 40]);
  draw();
  draw();
  expect(drawn).toEqual([0, 40, 80, 100]);
});

it('rests after a frame that took long, as long as it took', () => {
  take(said(1));
  take(burst(2, 2));
  vi.advanceTimersByTime(60);
  draw();
  expect(drawn).toEqual([0, 1]);
  vi.advanceTimersByTime(59);
  expect(drawn).toEqual([0, 1]);
  vi.advanceTimersByTime(1);
  expect(drawn).toEqual([0, 1, 3]);
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

it('applies fewer events at once where drawing them takes long, and more again where it does not', () => {
  expect(sliceAfter(20, 10, 100)).toBe(2);
  expect(sliceAfter(2, 1, 80)).toBe(1);
  expect([sliceAfter(2, 2, 0), sliceAfter(20, 10, 5), sliceAfter(150, 150, 1)]).toEqual([4, 40, 200]);
});

it('leaves a frame to a key that was just pressed, and some at most to one that is held', () => {
  const page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  start();
  page.dispatchEvent(new Event('keydown'));
  take(said(1));
  expect(drawn).toEqual([0]);
  vi.advanceTimersByTime(25);
  draw();
  expect(drawn).toEqual([0, 1]);
  for (let frame = 0; frame < 4; frame += 1) {
    page.dispatchEvent(new Event('keydown'));
    take(said(2 + frame));
    draw();
  }
  expect(drawn.at(-1)).toBeGreaterThan(1);
});
