import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ChatFile, EventFrame, MessageView } from '../../api/types';
import {
  type ChatLink,
  kindOf,
  type List,
  linksIn,
  NONE,
  nextOf,
  shownOf,
  withFiles,
  withLinks,
  withPage,
} from './gallery';

const file = (kind: string, type = 'a/b') => ({ id: 1, kind, type, name: 'a', size: 1, alt: '' }) as ChatFile['file'];
const at = (seq: number, place = 0, kind = 'photo') =>
  ({ chat_id: 7, seq, place, sender_id: 1, sent_at: '', file: file(kind) }) as ChatFile;
const said = (type: string, seq: number, kinds?: string[]) => {
  const parts = kinds && { parts: { files: { items: kinds.map((one) => file(one)) } } };
  return { type, data: { chat_id: 7, seq, sender_id: 1, sent_at: '', ...parts } } as unknown as EventFrame;
};
const spots = (...lists: List[]) => shownOf(lists).map(({ seq, place }) => [seq, place]);

it.each([
  ['photo', 'image/webp', 'media'],
  ['gif', 'video/mp4', 'media'],
  ['video', 'video/mp4', 'media'],
  ['voice', 'audio/mp4', 'voice'],
  ['file', 'audio/mpeg', 'audio'],
  ['file', 'text/plain', 'file'],
] as const)('%s of %s is in the list %s', (kind, type, list) => expect(kindOf(file(kind, type))).toBe(list));

it('puts what arrives on top, and shows nothing before the first page', () => {
  const before = withFiles(NONE, 'media', said('message.created', 9, ['photo', 'file', 'photo']));
  expect(spots(before)).toEqual([]);
  expect(spots(withPage(before, [at(5), at(3)], null))).toEqual([
    [9, 2],
    [9, 0],
    [5, 0],
    [3, 0],
  ]);
});

it('leaves out what is deleted, also in a page that was asked for before', () => {
  const one = said('message.deleted', 5);
  const many = { type: 'messages.deleted', data: { chat_id: 7, items: [{ seq: 3 }] } } as unknown as EventFrame;
  const list = [one, many].reduce((now, event) => withFiles(now, 'media', event), NONE as List);
  expect(spots(withPage(list, [at(6), at(5, 1), at(5), at(3)], null))).toEqual([[6, 0]]);
});

it('takes the files of an edit, and keeps them where only words change', () => {
  const list = withPage(NONE, [at(5)], null);
  expect(withFiles(list, 'media', said('message.edited', 5))).toBe(list);
  const edited = said('message.edited', 5, ['photo']);
  for (const one of (edited.data as MessageView).parts?.files?.items ?? []) one.alt = 'a hill';
  expect(shownOf([withFiles(list, 'media', edited)]).map((one) => one.file.alt)).toEqual(['a hill']);
});

it('shows two lists in one as far back as both are loaded', () => {
  const voice = withPage(NONE, [at(9, 0, 'voice'), at(4, 0, 'voice')], 'x');
  const audio = withPage(NONE, [at(8), at(2)], null);
  expect(spots(voice, NONE)).toEqual([]);
  expect(spots(voice, audio)).toEqual([
    [9, 0],
    [8, 0],
    [4, 0],
  ]);
  expect([nextOf([voice, audio]), nextOf([voice, NONE]), nextOf([audio])]).toEqual([0, 1, -1]);
});

it('shows after all pages and events what the chat has, in whatever order they come', () => {
  const step = fc.oneof(fc.constant('page'), fc.constant('send'), fc.nat({ max: 30 }));
  fc.assert(
    fc.property(fc.nat({ max: 12 }), fc.array(step, { maxLength: 40 }), (begun, steps) => {
      // The server: seqs that are there; a page is read at once and may arrive later.
      let server = Array.from({ length: begun }, (_, n) => n + 1);
      let head = begun;
      let list: List = NONE;
      let coming: { items: number[]; next: string | null } | null = null;
      const ask = (): void => {
        if (list.next === null) return;
        const below = server.filter((seq) => seq < Number(list.next || Infinity)).sort((a, b) => b - a);
        const items = below.slice(0, 3);
        coming = { items, next: below.length > 3 ? String(items[2]) : null };
      };
      const arrive = (): void => {
        if (coming)
          list = withPage(
            list,
            coming.items.map((seq) => at(seq)),
            coming.next,
          );
        coming = null;
      };
      for (const one of steps) {
        if (one === 'page') {
          if (coming) arrive();
          else ask();
        } else if (one === 'send') {
          head += 1;
          server.push(head);
          list = withFiles(list, 'media', said('message.created', head, ['photo']));
        } else {
          server = server.filter((seq) => seq !== one);
          list = withFiles(list, 'media', said('message.deleted', one));
        }
      }
      while (coming || list.next !== null) {
        if (coming) arrive();
        else ask();
      }
      expect(spots(list)).toEqual(server.sort((a, b) => b - a).map((seq) => [seq, 0]));
    }),
  );
});

const SITE = 'https://site.example/a';
const link = (offset: number, length: number, href = SITE, open = 0, close = 0) => ({
  type: 'link',
  offset,
  length,
  open,
  close,
  href,
});
const message = (text: string, entities: object[], cards?: object[]) =>
  ({
    chat_id: 7,
    seq: 5,
    sender_id: 1,
    sent_at: '',
    text,
    entities,
    ...(cards && { parts: { cards: { items: cards } } }),
  }) as unknown as MessageView;
const event = (type: string, data: object) => ({ type, data }) as unknown as EventFrame;

it('finds the links of a message, their words and their previews, and none that is hidden', () => {
  const words = `${SITE}#b [here](https://site.example/b?utm_x=1&y=2) ||${SITE}|| mailto:a@b`;
  const entities = [
    link(0, 24, `${SITE}#b`),
    link(25, 44, 'https://site.example/b?utm_x=1&y=2', 1, 39),
    { type: 'spoiler', offset: 70, length: 26 },
    link(72, 22),
    link(97, 10, 'mailto:a@b'),
  ];
  const cards = [
    { place: 0, address: SITE, title: 'A' },
    { place: 1, address: 'https://site.example/b?y=2', title: 'B' },
  ];
  const found = linksIn(message(words, entities, cards));
  expect(found.map(({ place, address, label, card }) => [place, address, label, card?.title])).toEqual([
    [0, `${SITE}#b`, '', 'A'],
    [1, 'https://site.example/b?utm_x=1&y=2', 'here', 'B'],
  ]);
});

it('follows links as they come, change, get previews and go', () => {
  const card = { place: 0, address: SITE, title: 'A' };
  const titles = (list: List<ChatLink>) => shownOf([list]).map((one) => one.card?.title ?? one.address);
  let list: List<ChatLink> = withPage<ChatLink>(NONE, [], null);
  list = withLinks(list, event('message.created', message('no link', [])));
  expect(titles(list)).toEqual([]);
  list = withLinks(list, event('message.created', message(SITE, [link(0, 22)])));
  expect(titles(list)).toEqual([SITE]);
  list = withLinks(list, event('cards.changed', { chat_id: 7, seq: 5, cards: { items: [card] } }));
  expect(titles(list)).toEqual(['A']);
  // An edit that keeps the address keeps the preview: no event says it again.
  list = withLinks(list, event('message.edited', message(`to ${SITE}`, [link(3, 22)])));
  expect(titles(list)).toEqual(['A']);
  list = withLinks(list, event('cards.changed', { chat_id: 7, seq: 5, cards: { items: [] } }));
  expect(titles(list)).toEqual([SITE]);
  expect(titles(withLinks(list, event('message.edited', message('without', []))))).toEqual([]);
  expect(titles(withLinks(list, event('message.deleted', message('', []))))).toEqual([]);
});
