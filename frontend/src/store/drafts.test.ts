import { beforeEach, expect, it } from 'vitest';
import { drafts, setDraft, takeBack } from './drafts';

beforeEach(() => {
  drafts.value = new Map();
});

it('takes back words, reply and mentions', () => {
  const back = { text: '@Kim yes', replyTo: 4, mentions: [{ at: 0, name: 'Kim', id: 7 }] };
  takeBack(1, back);
  expect(drafts.value.get(1)).toEqual(back);
});

it('loses nothing of what was begun meanwhile', () => {
  setDraft(1, { text: 'to @Kim', replyTo: 9, mentions: [{ at: 3, name: 'Kim', id: 8 }] });
  takeBack(1, { text: '@Kim yes', replyTo: null, mentions: [{ at: 0, name: 'Kim', id: 7 }] });
  expect(drafts.value.get(1)).toEqual({
    text: '@Kim yes\nto @Kim',
    replyTo: 9,
    mentions: [
      { at: 0, name: 'Kim', id: 7 },
      { at: 12, name: 'Kim', id: 8 },
    ],
  });
});

it('keeps both replies: the begun one comes up when the other is sent or emptied', () => {
  const [begun, back] = [
    { text: 'to nine', replyTo: 9, mentions: [] },
    { text: 'to four', replyTo: 4, mentions: [] },
  ];
  setDraft(1, begun);
  takeBack(1, back);
  expect(drafts.value.get(1)).toEqual({ ...back, later: begun });
  setDraft(1, { ...back, text: '', replyTo: null, later: begun });
  expect(drafts.value.get(1)).toEqual(begun);
});
