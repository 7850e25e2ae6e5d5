/** What can be done where, and by which key. */
import { beforeEach, expect, it } from 'vitest';
import type { ChatView, MemberState, MessageView } from '../api/types';
import { setLang } from '../i18n';
import { putChats } from '../store/chats';
import { me } from '../store/session';
import { type Act, type Context, spell } from './act';
import { acts, actsFor, press } from './all';

const said = (sender_id: number): MessageView => ({ chat_id: 7, seq: 3, sender_id, text: 'words' }) as MessageView;
const opened: unknown[] = [];
const on = (...messages: MessageView[]): Context => ({ chatId: 7, messages, open: (thing) => opened.push(thing) });
const ids = (context: Context): string[] => actsFor('messages', context).map((one) => one.id);
const key = (code: string, more: object = {}): KeyboardEvent =>
  ({ code, key: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, target: null, ...more }) as never;
const inChat = (more: Partial<ChatView>): void =>
  putChats([{ id: 7, kind: 'group', my_rights: ['send'], ...more } as ChatView]);

beforeEach(() => {
  opened.length = 0;
  me.value = { id: 1 } as typeof me.value;
});

it('has one act for each id, and one for each chord where it can be pressed', () => {
  const doubles = (names: string[]) => names.filter((one, place) => names.indexOf(one) !== place);
  expect(doubles(acts.map((one) => one.id))).toEqual([]);
  expect(doubles(acts.flatMap(({ chord, on }) => (chord ? [`${on} ${spell(chord)}`] : [])))).toEqual([]);
});

it.each(['en', 'ru'] as const)('names each act in %s', async (lang) => {
  (globalThis as { document?: unknown }).document = { documentElement: {} };
  await setLang(lang);
  expect(acts.filter((one) => !one.label().trim())).toEqual([]);
});

it.each([
  ['a member on the words of another', 'send', said(2), ['reply', 'copy', 'copy-link', 'readers']],
  ['a member on their own', 'send', said(1), ['reply', 'edit', 'copy', 'copy-link', 'readers', 'remove']],
  ['who may react', 'react', said(2), ['reply', 'copy', 'copy-link', 'readers', 'react']],
  ['its author too', 'react', said(1), ['reply', 'edit', 'copy', 'copy-link', 'readers', 'react', 'remove']],
  ['an admin on those of another', 'delete', said(2), ['reply', 'copy', 'copy-link', 'readers', 'remove']],
] as const)('offers to %s what they may do', (_, right, message, offered) => {
  inChat({ my_rights: [right] });
  expect(ids(on(message))).toEqual(offered);
});

it('offers for many what fits all of them', () => {
  inChat({});
  expect(ids(on(said(1), said(1)))).toEqual(['copy', 'remove']);
  expect(ids(on(said(1), said(2)))).toEqual(['copy']);
});

const my = { unread: 0, mentions: 0, read_seq: 2, unread_from: null, level: 'all', muted_until: null } as MemberState;
const inList = (more: Partial<MemberState>, kind: ChatView['kind'] = 'group'): void =>
  inChat({ kind, head_seq: 3, my: { ...my, pin: null, archived: null, ...more } });
const labels = (place: Act['on']): string[] => actsFor(place, on()).map((one) => one.label(on()));

it('offers for a chat of the list what it is not', async () => {
  await setLang('en');
  inList({});
  expect(labels('chat')).toEqual(['Mark as unread', 'Pin', 'Archive', 'Mute']);
  expect(labels('mute')).toEqual(['Mute for an hour', 'Mute for 8 hours', 'Mute for a week']);
  inList({ unread: 1, pin: 4, archived: 3, muted_until: '9999-12-31T23:59:59.999Z', level: 'none' });
  expect(labels('chat')).toEqual(['Mark as read', 'Unpin', 'Take out of the archive', 'Unmute']);
  expect(labels('mute')).toEqual([]);
  expect(
    actsFor('level', on())
      .filter((one) => one.isOn?.(on()))
      .map((one) => one.id),
  ).toEqual(['level-none']);
  inList({}, 'saved');
  expect([labels('chat'), labels('mute'), labels('level')]).toEqual([['Mark as unread', 'Pin', 'Archive'], [], []]);
});

it('offers nothing for a chat that is not there', () => {
  const nowhere = { ...on(), chatId: 999 };
  expect(['chat', 'mute', 'level'].flatMap((place) => actsFor(place as Act['on'], nowhere))).toEqual([]);
});

it('does by key what the menu offers, and nothing else', () => {
  inChat({});
  const mine = said(1);
  expect(press('messages', on(mine), key('KeyE'))).toBe(true);
  expect(opened).toEqual([{ kind: 'edit', message: mine }]);
  expect(press('messages', on(said(2)), key('KeyE'))).toBe(false);
  expect(press('messages', on(mine), key('KeyE', { ctrlKey: true }))).toBe(false);
  expect(press('page', on(), key('KeyP', { metaKey: true, shiftKey: true }))).toBe(true);
  expect(opened.at(-1)).toEqual({ kind: 'commands' });
});
